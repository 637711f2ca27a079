package route

import (
	"errors"
	"fmt"
	"strings"

	rmqerrors "github.com/rocketmq-go/rocketmq/errors"
)

// Error is what a failed look-up of a topic's route returns. Err says why, and matches
//   - errors.ErrTopicNotExist when the name servers say that there is no such topic,
//   - errors.ErrNoNameserver when no name server is known,
//   - errors.ErrRouteNotFound when no name server gave a good answer; then *primitive.BrokerError is in it too if one
//     refused (wrong credentials, for example),
//   - errors.ErrClosed when the table was stopped, and the context's error when the caller gave up.
type Error struct {
	Topic       string
	NameServers []string
	Err         error
}

// Error names the topic, the name servers and the cause.
func (e *Error) Error() string {
	servers := "none known"
	if len(e.NameServers) > 0 {
		servers = strings.Join(e.NameServers, ";")
	}
	return fmt.Sprintf("route of topic %q (name servers: %s): %v", e.Topic, servers, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is makes a topic that does not exist a route that was not found too, as users of the v2 client expect.
func (e *Error) Is(target error) bool {
	return target == rmqerrors.ErrRouteNotFound && errors.Is(e.Err, rmqerrors.ErrTopicNotExist)
}

func absent(err error) bool { return errors.Is(err, rmqerrors.ErrTopicNotExist) }
