package consumer

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCompareUTF16IsJavasOrder(t *testing.T) {
	t.Parallel()
	// U+FF21 is above U+1F600 in UTF-16 (FF21 > D83D), below it in UTF-8.
	list := []string{"\uFF21", "\U0001F600", "b", "a", "ab", ""}
	slices.SortFunc(list, compareUTF16)
	require.Equal(t, []string{"", "a", "ab", "b", "\U0001F600", "\uFF21"}, list)
}
