// Package validate checks what applications hand to clients before it is sent anywhere, with the rules of Java's
// Validators and TopicValidator. Errors wrap a sentinel of package errors and name the offending value.
package validate
