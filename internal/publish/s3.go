package publish

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// attemptTimeout bounds one request: what hangs is repeated within writeTimeout.
const attemptTimeout = 2 * time.Minute

// S3 is a target in a bucket of S3 or of a store that speaks its language.
type S3 struct {
	client *s3.Client
	bucket string
	prefix string // "" or ends in /
}

// S3Options say how a bucket is reached. Credentials come from the SDK's default chain.
type S3Options struct {
	Region   string // "" for the environment's
	Endpoint string // "" for AWS
	// VirtualHost addresses buckets of an endpoint by host name; most S3-compatible stores are asked by path.
	VirtualHost bool
}

// OpenS3 opens a bucket as a target. Nothing is asked of it yet.
func OpenS3(ctx context.Context, bucket, prefix string, o S3Options) (*S3, error) {
	cfg, err := awsConfig(ctx, o.Region)
	if err != nil {
		return nil, err
	}
	client := s3.NewFromConfig(cfg, func(c *s3.Options) {
		if o.Endpoint != "" {
			c.BaseEndpoint = aws.String(o.Endpoint)
			c.UsePathStyle = !o.VirtualHost
		}
		// We send SHA-256 ourselves; stores that know no other checksum must not be asked for one.
		c.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		c.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	})
	if prefix = strings.Trim(prefix, "/"); prefix != "" {
		prefix += "/"
	}
	return &S3{client: client, bucket: bucket, prefix: prefix}, nil
}

// awsConfig is the SDK's default configuration with patience for throttling and none for hanging.
func awsConfig(ctx context.Context, region string) (aws.Config, error) {
	const attempts = 6
	options := []func(*config.LoadOptions) error{
		config.WithRetryMaxAttempts(attempts),
		config.WithHTTPClient(awshttp.NewBuildableClient().WithTimeout(attemptTimeout).WithTransportOptions(func(t *http.Transport) {
			t.MaxIdleConnsPerHost = 64
		})),
	}
	if region != "" {
		options = append(options, config.WithRegion(region))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return cfg, fmt.Errorf("%w: read the AWS configuration: %w", ErrAccess, err)
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	return cfg, nil
}

func (t *S3) String() string { return "s3://" + t.bucket + "/" + t.prefix }

// Get opens an object.
func (t *S3) Get(ctx context.Context, key string) (*Object, error) {
	out, err := t.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &t.bucket, Key: t.key(key)})
	if err != nil {
		return nil, t.explain(err)
	}
	return &Object{
		Body: out.Body, Version: aws.ToString(out.ETag),
		Headers: Headers{Type: aws.ToString(out.ContentType), Cache: aws.ToString(out.CacheControl)},
	}, nil
}

// Put writes an object. Its SHA-256 goes along, so that S3 refuses bytes that changed since they were hashed.
func (t *S3) Put(ctx context.Context, key string, up Upload) (string, error) {
	body, err := up.Open()
	if err != nil {
		return "", err
	}
	defer body.Close()
	sum, err := checksum(up.SHA256)
	if err != nil {
		return "", err
	}
	in := &s3.PutObjectInput{
		Bucket: &t.bucket, Key: t.key(key), Body: body, ContentLength: &up.Size, ChecksumSHA256: &sum,
		ContentType: &up.Type, CacheControl: &up.Cache,
	}
	switch {
	case up.Condition.Absent:
		in.IfNoneMatch = aws.String("*")
	case up.Condition.Version != "":
		in.IfMatch = &up.Condition.Version
	}
	out, err := t.client.PutObject(ctx, in)
	if err != nil {
		return "", t.explain(err)
	}
	return aws.ToString(out.ETag), nil
}

// Copy copies an object inside the bucket.
func (t *S3) Copy(ctx context.Context, from, to string, as Content) error {
	source := t.bucket + "/" + (&url.URL{Path: t.prefix + from}).EscapedPath()
	out, err := t.client.CopyObject(ctx, &s3.CopyObjectInput{
		Bucket: &t.bucket, Key: t.key(to), CopySource: &source, MetadataDirective: types.MetadataDirectiveReplace,
		ContentType: &as.Type, CacheControl: &as.Cache, ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
	})
	if err != nil {
		return t.explain(err)
	}
	want, err := checksum(as.SHA256)
	if err != nil || out.CopyObjectResult == nil {
		return err
	}
	if got := aws.ToString(out.CopyObjectResult.ChecksumSHA256); got != "" && got != want {
		return errors.Join(ErrMismatch, t.Delete(ctx, []string{to}))
	}
	return nil
}

// Delete deletes keys, a thousand at a time.
func (t *S3) Delete(ctx context.Context, keys []string) error {
	failed := map[string]string{}
	for batch := range slices.Chunk(keys, deleteBatch) {
		objects := make([]types.ObjectIdentifier, len(batch))
		for i, key := range batch {
			objects[i].Key = t.key(key)
		}
		out, err := t.client.DeleteObjects(ctx, &s3.DeleteObjectsInput{
			Bucket: &t.bucket, Delete: &types.Delete{Objects: objects, Quiet: aws.Bool(true)},
		})
		if err != nil {
			return t.explain(err)
		}
		for _, e := range out.Errors {
			failed[strings.TrimPrefix(aws.ToString(e.Key), t.prefix)] = aws.ToString(e.Code) + " " + aws.ToString(e.Message)
		}
	}
	if len(failed) > 0 {
		return &DeleteError{Failed: failed}
	}
	return nil
}

// List goes through the bucket, a thousand keys per request.
func (t *S3) List(ctx context.Context, prefix string) iter.Seq2[Listed, error] {
	return func(yield func(Listed, error) bool) {
		pages := s3.NewListObjectsV2Paginator(t.client, &s3.ListObjectsV2Input{Bucket: &t.bucket, Prefix: t.key(prefix)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(Listed{}, t.explain(err))
				return
			}
			for _, o := range page.Contents {
				key := strings.TrimPrefix(aws.ToString(o.Key), t.prefix)
				if strings.HasSuffix(key, "/") || key == "" {
					continue // what consoles make to show a folder
				}
				if !yield(Listed{Key: key, Size: aws.ToInt64(o.Size), Modified: aws.ToTime(o.LastModified)}, nil) {
					return
				}
			}
		}
	}
}

func (t *S3) key(key string) *string { return aws.String(t.prefix + key) }

// checksum is a hash as S3 writes it.
func checksum(sum string) (string, error) {
	raw, err := hex.DecodeString(sum)
	if err != nil {
		return "", fmt.Errorf("read the hash %q: %w", sum, err)
	}
	return base64.StdEncoding.EncodeToString(raw), nil
}

// explain turns an answer of S3 into what callers ask for.
func (t *S3) explain(err error) error {
	status := 0
	var response *awshttp.ResponseError
	if errors.As(err, &response) {
		status = response.HTTPStatusCode()
	}
	code, message := "", ""
	var api smithy.APIError
	if errors.As(err, &api) {
		code, message = api.ErrorCode(), api.ErrorMessage()
	}
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case code == "NoSuchBucket":
		return fmt.Errorf("%w: there is no bucket %s", ErrAccess, t.bucket)
	case code == "NoSuchKey" || status == http.StatusNotFound:
		return fmt.Errorf("%w in %s", fs.ErrNotExist, t)
	case status == http.StatusPreconditionFailed || code == "ConditionalRequestConflict":
		return ErrConflict
	case code == "BadDigest" || code == "XAmzContentChecksumMismatch":
		return ErrMismatch
	case status == http.StatusForbidden || status == http.StatusUnauthorized || status == http.StatusMovedPermanently:
		return fmt.Errorf("%w: %s: %s %s", ErrAccess, t, code, message)
	case status == 0 && strings.Contains(err.Error(), "get credentials"):
		return fmt.Errorf("%w: no AWS credentials were found; log in with aws sso login, set AWS_PROFILE, or give the job a role", ErrAccess)
	case status == 0:
		return fmt.Errorf("%w: reach %s: %w", ErrAccess, t, err)
	default:
		return fmt.Errorf("%s answered %d %s: %s", t, status, code, message)
	}
}
