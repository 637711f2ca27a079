// Package mqserver breaks the rules on purpose.
package mqserver

import _ "github.com/rocketmq-go/rocketmq/internal/remote"
