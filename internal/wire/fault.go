package wire

// A Fault is an error that a client is told. It is an error value; its Error text is for logs.
type Fault struct {
	// Status is the HTTP status.
	Status int
	// Code and Message are what AWS's clients show.
	Code, Message string
	// Receiver tells that the server is to blame; otherwise the sender is.
	Receiver bool
	// AccessDenial marks a refusal to authorise: some protocols spell those in another way than other errors.
	AccessDenial bool
	// Resource, BucketName, Key and Region are written by S3 where they are not empty.
	Resource, BucketName, Key, Region string
	// Elements are what else S3 says about an error, name and text, in this order.
	Elements [][2]string
	// Header are headers that the answer has besides those that every answer has.
	Header map[string]string
	// Members are further members of a JSON error, spelled as an object's: `"Item":{}`.
	Members []byte
	// Place is the parameter or offset that is at fault. It is for logs and tests and is never sent by itself.
	Place string
}

// Error returns code, message and place.
func (f *Fault) Error() string {
	s := f.Code + ": " + f.Message
	if f.Place != "" {
		s += " (at " + f.Place + ")"
	}
	return s
}
