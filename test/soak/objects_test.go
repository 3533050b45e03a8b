package soak_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
)

const bucket = "soak-bucket"

// contents are what objects may have in them: little, and so much that it is a file. Their number is the value of a cell, so that
// many objects share one.
var contents = func() (all [][]byte) {
	source := rand.NewChaCha8([32]byte{1})
	for _, size := range []int{0, 1, 3000, 40_000, 70_000, 100_000, 300_000, 1_000_000} {
		content := make([]byte, size)
		_, _ = source.Read(content) // it never fails
		all = append(all, content)
	}
	return all
}()

// objects is traffic of S3: objects are put, copied, uploaded in parts and deleted; uploads are broken off, and sent with another
// content than was signed.
type objects struct{ *cells }

func (objects) prepare(c *client) error {
	_, err := c.do("s3", http.MethodPut, "/"+bucket, nil, nil)
	return err
}

func (o objects) step(c *client, who int) error {
	key := fmt.Sprintf("%d-%d", who, rand.IntN(10))
	path := "/" + bucket + "/" + key
	n := rand.IntN(len(contents))
	switch rand.IntN(8) {
	case 0, 1:
		return o.change(absent, func() error {
			_, err := c.do("s3", http.MethodDelete, path, nil, nil)
			return err
		}, key)
	case 2:
		return o.change(strconv.Itoa(n), func() error { return inParts(c, path, contents[n]) }, key)
	case 3:
		from := fmt.Sprintf("%d-%d", who, rand.IntN(10))
		value := o.value(from)
		if value == absent || from == key {
			return nil
		}
		return o.change(value, func() error {
			_, err := c.do("s3", http.MethodPut, path, map[string]string{"X-Amz-Copy-Source": "/" + bucket + "/" + from}, nil)
			return err
		}, key)
	case 4:
		return c.breakOff(path, contents[len(contents)-1])
	case 5:
		return c.sendAnother(path, contents[5], contents[6][:len(contents[5])])
	}
	return o.change(strconv.Itoa(n), func() error {
		_, err := c.do("s3", http.MethodPut, path, nil, contents[n])
		return err
	}, key)
}

// sendAnother sends another content than it signed, and demands that it is refused.
func (c *client) sendAnother(path string, signed, sent []byte) error {
	r, err := c.sign("s3", http.MethodPut, path, nil, signed, bytes.NewReader(sent))
	if err != nil {
		return err
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest {
		return &refusal{resp.StatusCode, "to a content that nobody signed"}
	}
	return nil
}

// inParts uploads a content in one part, and now and then leaves another part that nobody asks for.
func inParts(c *client, path string, content []byte) error {
	answer, err := c.do("s3", http.MethodPost, path+"?uploads=", nil, nil)
	if err != nil {
		return err
	}
	var upload struct{ UploadId string }
	if err := xml.Unmarshal(answer, &upload); err != nil {
		return err
	}
	part := func(n int, content []byte) error {
		_, err := c.do("s3", http.MethodPut, fmt.Sprintf("%s?partNumber=%d&uploadId=%s", path, n, upload.UploadId), nil, content)
		return err
	}
	if rand.IntN(2) == 0 {
		if err := part(2, contents[len(contents)-2]); err != nil {
			return err
		}
	}
	if err := part(1, content); err != nil {
		return err
	}
	sum := etag(content)
	_, err = c.do("s3", http.MethodPost, path+"?uploadId="+upload.UploadId, nil,
		[]byte("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"+sum+"</ETag></Part></CompleteMultipartUpload>"))
	return err
}

// check reads every object, and gives up every upload that was not completed.
func (o objects) check(c *client) []error {
	there := map[string]string{}
	after := ""
	for {
		var page struct {
			Contents    []struct{ Key string }
			IsTruncated bool
		}
		if err := c.list("/"+bucket+"?list-type=2&max-keys=9&start-after="+after, &page); err != nil {
			return []error{err}
		}
		for _, object := range page.Contents {
			content, err := c.do("s3", http.MethodGet, "/"+bucket+"/"+object.Key, nil, nil)
			if err != nil {
				return []error{fmt.Errorf("object %s: %w", object.Key, err)}
			}
			there[object.Key], after = number(content), object.Key
		}
		if !page.IsTruncated {
			break
		}
	}
	wrong := o.settle("object", there)
	if err := giveUp(c); err != nil {
		wrong = append(wrong, err)
	}
	return wrong
}

func giveUp(c *client) error {
	for {
		var uploads struct {
			Upload []struct{ Key, UploadId string }
		}
		if err := c.list("/"+bucket+"?uploads=", &uploads); err != nil || len(uploads.Upload) == 0 {
			return err
		}
		for _, u := range uploads.Upload {
			if _, err := c.do("s3", http.MethodDelete, "/"+bucket+"/"+u.Key+"?uploadId="+u.UploadId, nil, nil); err != nil {
				return err
			}
		}
	}
}

// number finds a content among those that there may be.
func number(content []byte) string {
	for n, c := range contents {
		if bytes.Equal(c, content) {
			return strconv.Itoa(n)
		}
	}
	return fmt.Sprintf("%d bytes that nobody sent", len(content))
}

// used are the names of the files that contents of objects may have.
func (o objects) used() map[string]bool {
	files := map[string]bool{}
	for _, c := range o.of {
		if n, err := strconv.Atoi(c.value); err == nil {
			sum := sha256.Sum256(contents[n])
			files[hex.EncodeToString(sum[:])] = true
		}
	}
	return files
}

func (o objects) clear(c *client) error {
	var deletion strings.Builder
	deletion.WriteString("<Delete><Quiet>true</Quiet>")
	for key := range o.of {
		deletion.WriteString("<Object><Key>" + key + "</Key></Object>")
	}
	deletion.WriteString("</Delete>")
	sum := sha256.Sum256([]byte(deletion.String()))
	if _, err := c.do("s3", http.MethodPost, "/"+bucket+"?delete=", map[string]string{"X-Amz-Checksum-Sha256": base64Of(sum[:])}, []byte(deletion.String())); err != nil {
		return err
	}
	_, err := c.do("s3", http.MethodDelete, "/"+bucket, nil, nil)
	return err
}
