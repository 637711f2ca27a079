package conformance

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// Table draws case × target with a closing line of totals. Results of several
// targets may come in any order; columns are in the order of targets.
func Table(results []Result, targets []string) string {
	cell := map[[2]string]Result{}
	var cases, rows []string
	seen := map[string]bool{}
	totals := map[string]map[Outcome]int{}
	for _, r := range results {
		cell[[2]string{r.Case, r.Target}] = r
		if !seen[r.Case] {
			seen[r.Case] = true
			cases, rows = append(cases, r.Case), append(rows, r.Row)
		}
		if totals[r.Target] == nil {
			totals[r.Target] = map[Outcome]int{}
		}
		totals[r.Target][r.Outcome]++
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "case\trow\t%s\n", strings.Join(targets, "\t"))
	for i, name := range cases {
		fmt.Fprintf(w, "%s\t%s", name, rows[i])
		for _, target := range targets {
			r, ok := cell[[2]string{name, target}]
			switch {
			case !ok:
				fmt.Fprint(w, "\t-")
			case r.Outcome == NotApplicable:
				fmt.Fprintf(w, "\tn/a: %s", r.Detail)
			default:
				fmt.Fprintf(w, "\t%s %.1fs", r.Outcome, r.Took.Seconds())
			}
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%d cases\tpass/FAIL/n/a", len(cases))
	for _, target := range targets {
		n := totals[target]
		fmt.Fprintf(w, "\t%d/%d/%d", n[Passed], n[Failed], n[NotApplicable])
	}
	fmt.Fprintln(w)
	_ = w.Flush() // a strings.Builder takes everything
	return b.String()
}
