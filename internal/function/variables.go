package function

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// variableName is what Lambda accepts as the name of a variable. A shell reads the environment before the code does: other names
// could mean something to it.
var variableName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]+$`)

// variables is the environment of a process: what Lambda defines, what the configuration adds, and what is reserved. See "Defined
// runtime environment variables" in Lambda's developer guide. Nothing of the server's own environment is in it.
func variables(s Spec, v view, stream, address, endpoint, ca string, g Grant) []string {
	kind := runtimes[s.Runtime]
	all := map[string]string{
		"LANG": "en_US.UTF-8", "TZ": ":UTC",
		"PATH":                     "/usr/local/bin:/usr/bin:/bin:" + path.Join(v.opt, "bin"),
		"LD_LIBRARY_PATH":          strings.Join([]string{v.task, path.Join(v.task, "lib"), path.Join(v.opt, "lib")}, ":"),
		"AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
		"TMPDIR":                   v.tmp,
		"HOME":                     v.tmp, // of the server's user nothing is to be seen
	}
	if endpoint != "" {
		all["AWS_ENDPOINT_URL"] = endpoint
	}
	if v.libraries != "" {
		all["LD_LIBRARY_PATH"] = v.libraries + ":" + all["LD_LIBRARY_PATH"]
	}
	switch kind {
	case node:
		major, _, _ := strings.Cut(strings.TrimPrefix(s.Runtime, "nodejs"), ".")
		modules := []string{path.Join(v.opt, "nodejs/node"+major+"/node_modules"), path.Join(v.opt, "nodejs/node_modules")}
		if v.modules != "" {
			modules = append(modules, v.modules)
		}
		all["NODE_PATH"] = strings.Join(append(modules, v.runtime, v.task), ":")
	case python:
		all["PYTHONPATH"] = strings.Join(append([]string{v.runtime}, v.sites...), ":")
		all["PYTHONDONTWRITEBYTECODE"] = "1" // the code's directory is read-only
	}
	if ca != "" {
		all["AWS_CA_BUNDLE"], all["NODE_EXTRA_CA_CERTS"], all["REQUESTS_CA_BUNDLE"] = ca, ca, ca
	}
	for name, value := range s.Environment {
		if variableName.MatchString(name) && !strings.ContainsRune(value, 0) {
			all[name] = value
		}
	}
	maps.Copy(all, map[string]string{ // reserved
		"_HANDLER": s.Handler, "_LAMBDA_TELEMETRY_LOG_FD": strconv.Itoa(logDescriptor),
		"AWS_REGION": s.Region, "AWS_DEFAULT_REGION": s.Region,
		"AWS_EXECUTION_ENV":               "AWS_Lambda_" + s.Runtime,
		"AWS_LAMBDA_FUNCTION_NAME":        s.Name,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(s.MemoryMB),
		"AWS_LAMBDA_FUNCTION_VERSION":     s.Version,
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       s.LogGroup,
		"AWS_LAMBDA_LOG_STREAM_NAME":      stream,
		"AWS_LAMBDA_RUNTIME_API":          address,
		"AWS_ACCESS_KEY":                  g.AccessKeyID,
		"AWS_ACCESS_KEY_ID":               g.AccessKeyID,
		"AWS_SECRET_KEY":                  g.SecretAccessKey,
		"AWS_SECRET_ACCESS_KEY":           g.SecretAccessKey,
		"AWS_SESSION_TOKEN":               g.SessionToken,
		"AWS_EC2_METADATA_DISABLED":       "true",
		"LAMBDA_TASK_ROOT":                v.task,
		"LAMBDA_RUNTIME_DIR":              v.runtime,
	})
	if kind == python { // where its bootstrap finds layers
		all["_AMBIT_OPT"] = v.opt
	}
	if kind == provided { // its output is what it prints
		delete(all, "_LAMBDA_TELEMETRY_LOG_FD")
		delete(all, "AWS_EXECUTION_ENV")
	}
	text := make([]string, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		text = append(text, name+"="+all[name])
	}
	return text
}
