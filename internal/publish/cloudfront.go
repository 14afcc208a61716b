package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
)

// CloudFront invalidates paths of a distribution.
type CloudFront struct {
	client       *cloudfront.Client
	distribution string
	prefix       string // "" or starts with / and does not end in it
	options      CloudFrontOptions
}

// CloudFrontOptions say how a distribution is reached and how patiently.
type CloudFrontOptions struct {
	Endpoint string        // "" for AWS
	Prefix   string        // where the site lies below the distribution
	Timeout  time.Duration // of one request; 0 means 20 s
	Pause    time.Duration // before the first repetition, doubled for each further one; 0 means 5 s
	Attempts int           // 0 means 7: about five minutes of waiting in all
}

// OpenCloudFront opens a distribution. Nothing is asked of it yet.
func OpenCloudFront(ctx context.Context, distribution string, o CloudFrontOptions) (*CloudFront, error) {
	if o.Timeout == 0 {
		o.Timeout = 20 * time.Second
	}
	if o.Pause == 0 {
		o.Pause = 5 * time.Second
	}
	if o.Attempts == 0 {
		o.Attempts = 7
	}
	cfg, err := awsConfig(ctx, "us-east-1") // where CloudFront's API lives
	if err != nil {
		return nil, err
	}
	client := cloudfront.NewFromConfig(cfg, func(c *cloudfront.Options) {
		if o.Endpoint != "" {
			c.BaseEndpoint = &o.Endpoint
		}
		c.Retryer = aws.NopRetryer{} // we repeat ourselves: too many invalidations is a state that lasts for minutes
	})
	prefix := strings.Trim(o.Prefix, "/")
	if prefix != "" {
		prefix = "/" + EncodePath(prefix)
	}
	return &CloudFront{client: client, distribution: distribution, prefix: prefix, options: o}, nil
}

// Invalidate asks for an invalidation until CloudFront has taken it. It does not wait for it to be complete.
func (c *CloudFront) Invalidate(ctx context.Context, reference string, paths []string) (string, error) {
	items := make([]string, len(paths))
	for i, p := range paths {
		items[i] = c.prefix + p
	}
	in := &cloudfront.CreateInvalidationInput{
		DistributionId: &c.distribution,
		InvalidationBatch: &types.InvalidationBatch{
			CallerReference: &reference,
			Paths:           &types.Paths{Items: items, Quantity: aws.Int32(int32(len(items)))},
		},
	}
	pause := c.options.Pause
	for attempt := 1; ; attempt++ {
		id, err := c.ask(ctx, in)
		if err == nil || attempt >= c.options.Attempts || !passing(err) || ctx.Err() != nil {
			return id, err
		}
		select {
		case <-ctx.Done():
			return "", context.Cause(ctx)
		case <-time.After(pause):
		}
		pause *= 2
	}
}

func (c *CloudFront) ask(ctx context.Context, in *cloudfront.CreateInvalidationInput) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()
	out, err := c.client.CreateInvalidation(ctx, in)
	if err != nil {
		return "", fmt.Errorf("ask CloudFront distribution %s: %w", c.distribution, err)
	}
	if out.Invalidation == nil {
		return "", nil
	}
	return aws.ToString(out.Invalidation.Id), nil
}

// passing reports whether an error may be gone in a while: a hang, a fault of theirs, throttling, too many invalidations under way.
func passing(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	var api interface{ ErrorCode() string }
	if errors.As(err, &api) && slices.Contains([]string{"TooManyInvalidationsInProgress", "Throttling", "ThrottlingException", "RequestLimitExceeded", "SlowDown"}, api.ErrorCode()) {
		return true
	}
	var response interface{ HTTPStatusCode() int }
	if errors.As(err, &response) {
		return response.HTTPStatusCode() >= 500 || response.HTTPStatusCode() == 429
	}
	return !errors.As(err, &api) // the connection broke
}
