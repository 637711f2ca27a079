// Package consumer breaks the rules on purpose.
package consumer

import (
	"fmt"
	"log"
	"time"

	_ "github.com/rocketmq-go/rocketmq/producer"
)

func broken() {
	go time.Sleep(time.Second)
	time.Sleep(time.Second)
	fmt.Println("printed")
	log.Print("logged")
}
