package producer
