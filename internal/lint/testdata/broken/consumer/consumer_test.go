package consumer

import "testing"

func TestNothing(t *testing.T) { broken() }
