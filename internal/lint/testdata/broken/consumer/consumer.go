// Package consumer breaks the rules on purpose.
package consumer

import (
	"fmt"
	"log"
	"time"

	"go.uber.org/atomic"

	_ "github.com/rocketmq-go/rocketmq/producer"
)

type counters struct {
	name string
	n    atomic.Int64
}

func broken() {
	go time.Sleep(time.Second)
	time.Sleep(time.Second)
	fmt.Println("printed")
	log.Print("logged")
}
