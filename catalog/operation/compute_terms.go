package operation

// The kinds of resources of the services that run something, or that have a policy of their own.
const (
	AutomationDefinition Kind = "automation-definition"
	Document             Kind = "document"
	Function             Kind = "function"
	Job                  Kind = "job"
	KMSKey               Kind = "key"
	LifecycleConfig      Kind = "notebook-instance-lifecycle-config"
	Pipeline             Kind = "pipeline"
	Project              Kind = "project"
	Queue                Kind = "queue"
	Repository           Kind = "repository"
	Rule                 Kind = "rule-on-default-event-bus"
	Secret               Kind = "Secret"
	Stack                Kind = "stack"
	TaskDefinition       Kind = "task-definition"
	Topic                Kind = "topic"
)
