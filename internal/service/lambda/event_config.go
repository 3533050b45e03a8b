package lambda

import (
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type eventConfigInput struct {
	qualifiedInput
	MaximumRetryAttempts, MaximumEventAgeInSeconds *int32
	DestinationConfig                              *destinationConfig
}

type destinationConfig struct{ OnFailure, OnSuccess *destination }

type destination struct{ Destination *string }

type eventConfigOutput struct {
	DestinationConfig                              destinationConfig
	FunctionArn                                    string
	LastModified                                   time.Time
	MaximumRetryAttempts, MaximumEventAgeInSeconds *int32
}

type listEventConfigsInput struct {
	FunctionName *string `from:"path"`
	Marker       *string `from:"query Marker"`
	MaxItems     *int32  `from:"query MaxItems"`
}

func (in *listEventConfigsInput) check() error {
	var c constraints
	c.name(in.FunctionName)
	c.page(in.MaxItems, 50)
	return c.err()
}

type listEventConfigsOutput struct {
	FunctionEventInvokeConfigs []*eventConfigOutput
	NextMarker                 *string
}

func (in *eventConfigInput) check() error {
	var c constraints
	c.name(in.FunctionName)
	c.qualifier(in.Qualifier)
	c.Between("maximumRetryAttempts", in.MaximumRetryAttempts, 0, 2)
	c.Between("maximumEventAgeInSeconds", in.MaximumEventAgeInSeconds, 60, 21600)
	if err := c.err(); err != nil {
		return err
	}
	if in.MaximumRetryAttempts == nil && in.MaximumEventAgeInSeconds == nil && in.DestinationConfig == nil {
		return invalid("You must specify at least one of error handling or destination setting.")
	}
	if d := in.DestinationConfig; d != nil {
		for _, one := range []*destination{d.OnFailure, d.OnSuccess} {
			if one != nil && text(one.Destination) != "" {
				return unserved("DestinationConfig", "results of asynchronous invocations are delivered nowhere")
			}
		}
	}
	return nil
}

// eventConfigs are the handlers of calls about asynchronous invocation.
func eventConfigs() []service.Handler {
	put := service.Writing[eventConfigInput, struct{}]{
		Check: (*eventConfigInput).check,
		Act: func(c *service.Call, in *eventConfigInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
			return in.put(c, tx, &eventConfig{})
		},
	}
	update := put
	update.Act = func(c *service.Call, in *eventConfigInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return in.put(c, tx, nil)
	}
	return []service.Handler{
		put.Named("PutFunctionEventInvokeConfig"), update.Named("UpdateFunctionEventInvokeConfig"),
		getEventConfig.Named("GetFunctionEventInvokeConfig"), deleteEventConfig.Named("DeleteFunctionEventInvokeConfig"),
		listEventConfigs.Named("ListFunctionEventInvokeConfigs"),
	}
}

// put writes the settings of the input over those of base, or over those that there are if base is nil.
func (in *eventConfigInput) put(c *service.Call, tx identity.Tx, base *eventConfig) (service.Answer, error) {
	p, f, err := eventConfigOf(c, tx.Reader, &in.qualifiedInput)
	switch {
	case err != nil:
		return service.Answer{}, err
	case p.account != c.Account():
		return service.Answer{}, elsewhere()
	}
	if base == nil {
		if base = f.Events[p.qualifier]; base == nil {
			return service.Answer{}, noEventConfig(p)
		}
	}
	if in.MaximumRetryAttempts != nil {
		base.Retries = in.MaximumRetryAttempts
	}
	if in.MaximumEventAgeInSeconds != nil {
		base.Age = in.MaximumEventAgeInSeconds
	}
	base.Modified = c.Now()
	if f.Events == nil {
		f.Events = map[string]*eventConfig{}
	}
	f.Events[p.qualifier] = base
	return service.Body(base.describe(p)), writeFunction(tx, p, &f)
}

// eventConfigOf finds the function of a call, and the qualifier that it means: $LATEST where it names none.
func eventConfigOf(c *service.Call, r identity.Reader, in *qualifiedInput) (place, function, error) {
	p, err := named(c, *in.FunctionName, in.Qualifier)
	if err != nil {
		return p, function{}, err
	}
	f, _, err := resolve(r, p)
	if isNotFound(err) {
		err = notFound("The function doesn't exist.")
	}
	if p.qualifier == "" {
		p.qualifier = latest
	}
	return p, f, err
}

func noEventConfig(p place) error {
	return notFound("The function " + p.arn() + " doesn't have an EventInvokeConfig")
}

func (e *eventConfig) describe(p place) *eventConfigOutput {
	return &eventConfigOutput{
		DestinationConfig: destinationConfig{&destination{}, &destination{}}, FunctionArn: p.arn(), LastModified: e.Modified,
		MaximumRetryAttempts: e.Retries, MaximumEventAgeInSeconds: e.Age,
	}
}

var getEventConfig = service.Reading[qualifiedInput]{
	Check: (*qualifiedInput).check,
	Act: func(c *service.Call, in *qualifiedInput, r identity.Reader) (service.Answer, error) {
		p, f, err := eventConfigOf(c, r, in)
		if err != nil || f.Events[p.qualifier] == nil {
			return service.Answer{}, orElse(err, noEventConfig(p))
		}
		return service.Body(f.Events[p.qualifier].describe(p)), nil
	},
}

var deleteEventConfig = service.Writing[qualifiedInput, struct{}]{
	Check: (*qualifiedInput).check,
	Act: func(c *service.Call, in *qualifiedInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		p, f, err := eventConfigOf(c, tx.Reader, in)
		switch {
		case err != nil:
			return service.Answer{}, err
		case p.account != c.Account():
			return service.Answer{}, elsewhere()
		case f.Events[p.qualifier] == nil:
			return service.Answer{}, noEventConfig(p)
		}
		delete(f.Events, p.qualifier)
		return service.Answer{Status: 204}, writeFunction(tx, p, &f)
	},
}

var listEventConfigs = service.Reading[listEventConfigsInput]{
	Check: (*listEventConfigsInput).check,
	Act: func(c *service.Call, in *listEventConfigsInput, r identity.Reader) (service.Answer, error) {
		if _, err := wholeFunction(c, *in.FunctionName); err != nil {
			return service.Answer{}, err
		}
		p, f, err := eventConfigOf(c, r, &qualifiedInput{FunctionName: in.FunctionName})
		if err != nil {
			return service.Answer{}, err
		}
		page, err := pageOf(c, in.Marker, in.MaxItems)
		if err != nil {
			return service.Answer{}, err
		}
		out := listEventConfigsOutput{FunctionEventInvokeConfigs: []*eventConfigOutput{}}
		for _, qualifier := range sortedKeys(f.Events) {
			if page.takes(qualifier) {
				out.FunctionEventInvokeConfigs = append(out.FunctionEventInvokeConfigs, f.Events[qualifier].describe(p.at(qualifier)))
			}
		}
		out.NextMarker = page.marker()
		return service.Body(&out), nil
	},
}
