package conformance

import (
	"fmt"
	"strconv"
	"strings"
)

// Release is a version of Apache RocketMQ, for comparing.
type Release struct{ Major, Minor, Patch int }

// ParseRelease reads "5.4.0".
func ParseRelease(text string) (Release, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return Release{}, fmt.Errorf("%q is not a release like 5.4.0", text)
	}
	var n [3]int
	for i, part := range parts {
		v, err := strconv.Atoi(part)
		if err != nil {
			return Release{}, fmt.Errorf("%q is not a release like 5.4.0: %w", text, err)
		}
		n[i] = v
	}
	return Release{n[0], n[1], n[2]}, nil
}

// Before reports whether r is older than other.
func (r Release) Before(other Release) bool {
	if r.Major != other.Major {
		return r.Major < other.Major
	}
	if r.Minor != other.Minor {
		return r.Minor < other.Minor
	}
	return r.Patch < other.Patch
}

func (r Release) String() string { return fmt.Sprintf("%d.%d.%d", r.Major, r.Minor, r.Patch) }
