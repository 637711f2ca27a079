package observe

import "fmt"

// Refusal is an answer with a code other than success.
type Refusal struct {
	Code   int32
	Remark string
	Addr   string
}

func (e *Refusal) Error() string {
	return fmt.Sprintf("%s answered code %d: %s", e.Addr, e.Code, e.Remark)
}
