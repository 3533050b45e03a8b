package soak_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/ambit-iam/ambit/internal/function"
)

const functionName = "soak"

// functions is traffic of Lambda: a function answers, ends, is cut off, and is killed, together with what it started. What is kept of
// it are tags.
type functions struct {
	*cells
	server func() int // the process that they are children of
}

const code = `
import os, subprocess, time

def handler(event, context):
    do = event["do"]
    if do == "end":
        os._exit(3)
    if do == "hang":
        subprocess.Popen(["sleep", "600"])
        time.sleep(600)
    return event["n"]
`

// unrunnable says why the function cannot run here, nothing if it can.
func unrunnable() string {
	if _, err := exec.LookPath("python3"); err != nil {
		return err.Error()
	}
	if c := function.Contain(); !c.Contained {
		return c.String()
	}
	return ""
}

func (functions) arn() string {
	return "arn:aws:lambda:" + region + ":" + account + ":function:" + functionName
}

// prepare makes the function and waits until it can be called.
func (f functions) prepare(c *client) error {
	if _, err := c.query("CreateRole", "RoleName", "function", "AssumeRolePolicyDocument",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`); err != nil {
		return err
	}
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	file, err := w.Create("app.py")
	if err != nil {
		return err
	}
	if _, err := file.Write([]byte(code)); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	version, err := exec.Command("python3", "-c", "import sys; print('python%d.%d' % sys.version_info[:2])").Output()
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]any{
		"FunctionName": functionName, "Role": "arn:aws:iam::" + account + ":role/function", "Runtime": string(bytes.TrimSpace(version)), "Handler": "app.handler",
		"Timeout": 2, "Code": map[string]any{"ZipFile": archive.Bytes()},
	})
	if err != nil {
		return err
	}
	if _, err := c.lambda(http.MethodPost, "/2015-03-31/functions", body); err != nil {
		return err
	}
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(20 * time.Millisecond) {
		answer, err := c.lambda(http.MethodGet, "/2015-03-31/functions/"+functionName+"/configuration", nil)
		if err != nil {
			return err
		}
		var is struct{ State, StateReason string }
		if err := json.Unmarshal(answer, &is); err != nil {
			return err
		}
		switch is.State {
		case "Active":
			return nil
		case "Failed":
			return fmt.Errorf("the function: %s", is.StateReason)
		}
	}
	return fmt.Errorf("the function is not there after a minute")
}

func (c *client) lambda(method, path string, body []byte) ([]byte, error) {
	return c.do("lambda", method, path, map[string]string{"Content-Type": "application/json"}, body)
}

func (f functions) step(c *client, who int) error {
	tag := fmt.Sprintf("tag-%d-%d", who, rand.IntN(5))
	n := strconv.Itoa(rand.IntN(1_000_000))
	tags := "/2017-03-31/tags/" + url.PathEscape(f.arn())
	switch rand.IntN(16) {
	case 0:
		_, err := f.invoke(c, "end", n)
		return err
	case 1:
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			f.kill()
		}()
		_, err := f.invoke(c, "hang", n)
		<-gone
		return err
	case 2, 3, 4, 5:
		return f.change(n, func() error {
			_, err := c.lambda(http.MethodPost, tags, []byte(`{"Tags":{"`+tag+`":"`+n+`"}}`))
			return err
		}, tag)
	case 6, 7:
		return f.change(absent, func() error {
			_, err := c.lambda(http.MethodDelete, tags+"?tagKeys="+tag, nil)
			return err
		}, tag)
	}
	// Somebody may kill the function meanwhile; an answer is the right one.
	if answer, err := f.invoke(c, "answer", n); err != nil || answer != n && answer != "" {
		return fmt.Errorf("the function was asked for %s: %s: %w", n, answer, err)
	}
	return nil
}

// invoke calls the function and returns what it answered; nothing if it failed.
func (f functions) invoke(c *client, do, n string) (string, error) {
	answer, err := c.lambda(http.MethodPost, "/2015-03-31/functions/"+functionName+"/invocations", []byte(`{"do":"`+do+`","n":`+n+`}`))
	if err != nil {
		return "", err
	}
	var failure struct{ ErrorType, ErrorMessage string }
	if json.Unmarshal(answer, &failure) == nil && failure.ErrorMessage != "" {
		return "", nil
	}
	return string(answer), nil
}

// kill kills one of the functions that run.
func (f functions) kill() {
	time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
	isSomethingElse := func(pid int) bool {
		command, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		return !bytes.Contains(command, []byte("bootstrap"))
	}
	if running := slices.DeleteFunc(childrenOf(f.server()), isSomethingElse); len(running) > 0 {
		_ = syscall.Kill(one(running...), syscall.SIGKILL) // it may have ended
	}
}

func (f functions) check(c *client) []error {
	answer, err := c.lambda(http.MethodGet, "/2017-03-31/tags/"+url.PathEscape(f.arn()), nil)
	if err != nil {
		return []error{err}
	}
	var out struct{ Tags map[string]string }
	if err := json.Unmarshal(answer, &out); err != nil {
		return []error{err}
	}
	return f.settle("tag", out.Tags)
}

func (functions) clear(c *client) error {
	_, err := c.lambda(http.MethodDelete, "/2015-03-31/functions/"+functionName, nil)
	return err
}
