package broker

import (
	"os"
	"path/filepath"
)

// writeLogback makes every server log its warnings to standard output. 4.x
// looks for these files in ROCKETMQ_HOME/conf and exits without them; 5.x is
// pointed at them and uses a relocated logback.
func writeLogback(conf string) error {
	for _, server := range []string{"namesrv", "broker", "tools", "controller"} {
		if err := os.WriteFile(filepath.Join(conf, "logback_"+server+".xml"), []byte(logback("ch.qos")), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(conf, "logback5.xml"), []byte(logback("org.apache.rocketmq.logging.ch.qos")), 0o644)
}

func logback(pkg string) string {
	return `<configuration><appender name="STDOUT" class="` + pkg + `.logback.core.ConsoleAppender">` +
		`<encoder><pattern>%d %-5p %t %c{0} - %m%n</pattern></encoder></appender>` +
		// Without a timer wheel the POP service warns once a second and thread.
		`<logger name="RocketmqPop" level="ERROR"/>` +
		`<root level="WARN"><appender-ref ref="STDOUT"/></root></configuration>`
}
