package lambda

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// maxEnvironment is how many bytes the variables of a function may have, as JSON (Developer Guide, "Lambda quotas").
const maxEnvironment = 4 << 10

// reservedVariables are those that Lambda sets and nobody may (Developer Guide, "Defined runtime environment variables").
var reservedVariables = []string{
	"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
	"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
	"AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY",
	"AWS_SECRET_KEY", "AWS_SESSION_TOKEN", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT",
}

var variablePattern = service.NewPattern(`^[a-zA-Z][a-zA-Z0-9_]+$`)

const unableEnvironment = "Lambda was unable to configure your environment variables because the environment variables you have provided "

// checkVariables checks the variables of a configuration.
func checkVariables(c *constraints, e *environmentInput) error {
	if e == nil {
		return nil
	}
	for name := range e.Variables {
		if !variablePattern.MatchString(name) {
			c.Fails("environment.variables", shownVariables(e.Variables), "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+, Member must not be null]")
			break
		}
	}
	if err := c.err(); err != nil {
		return err
	}
	var reserved []string
	for name := range e.Variables {
		if slices.Contains(reservedVariables, name) {
			reserved = append(reserved, name)
		}
	}
	if len(reserved) > 0 {
		slices.Sort(reserved)
		return invalid(unableEnvironment + "contains reserved keys that are currently not supported for modification. " +
			"Reserved keys used in this request: " + strings.Join(reserved, ", "))
	}
	measured, err := json.Marshal(e.Variables)
	if err != nil {
		return err
	}
	if len(measured) > maxEnvironment {
		return invalid(unableEnvironment + "exceeded the 4KB limit. String measured: " + string(measured))
	}
	return nil
}

// shownVariables are variables as a request is quoted, by name only: values may be secret.
func shownVariables(variables map[string]string) string {
	names := make([]string, 0, len(variables))
	for name := range variables {
		names = append(names, name)
	}
	slices.Sort(names)
	return "{" + strings.Join(names, ", ") + "}"
}

// seal keeps the variables of a revision, which has its key.
func (v *revision) seal(tx identity.Tx, variables map[string]string) error {
	text, err := json.Marshal(variables)
	if err == nil {
		v.Environment = tx.SealValue("lambda/"+v.Key, identity.SecretOf(string(text)))
	}
	return err
}

// variables are those of a revision; nil if none were ever set.
func (v *revision) variables(r identity.Reader) (variables map[string]string, err error) {
	if v.Environment == nil {
		return nil, nil
	}
	text, err := r.OpenValue("lambda/"+v.Key, v.Environment)
	if err != nil {
		return nil, err
	}
	return variables, json.Unmarshal([]byte(text.Reveal()), &variables)
}
