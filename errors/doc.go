// Package errors holds the errors that clients wrap, for use with errors.Is. Each says what to do about it. Errors
// with data, such as an answer of a broker, are types of package primitive, for use with errors.As.
package errors
