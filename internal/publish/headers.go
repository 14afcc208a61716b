package publish

import (
	"path"
	"strings"
)

// Cache is what browsers and the CDN may keep, and for how long.
type Cache struct {
	Pages  string // everything with a stable name
	Assets string // files whose name contains a hash of their bytes
}

// DefaultCache lets browsers ask each time and the CDN answer for five minutes; invalidations are faster, and this is what holds when one
// is lost.
func DefaultCache() Cache {
	return Cache{Pages: "public, max-age=0, s-maxage=300, must-revalidate", Assets: "public, max-age=31536000, immutable"}
}

// contentType is by our own table: the machine's would make the same site differ between machines.
func contentType(key string) string {
	switch strings.ToLower(path.Ext(key)) {
	case ".html", ".htm":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".json", ".map":
		return "application/json; charset=utf-8"
	case ".webmanifest":
		return "application/manifest+json; charset=utf-8"
	case ".md":
		return "text/markdown; charset=utf-8"
	case ".txt", ".log", ".conf", ".ini", ".sql", ".sh", ".yaml", ".yml", ".toml":
		return "text/plain; charset=utf-8"
	case ".csv":
		return "text/csv; charset=utf-8"
	case ".xml":
		return "application/xml; charset=utf-8"
	case ".atom":
		return "application/atom+xml; charset=utf-8"
	case ".ics":
		return "text/calendar; charset=utf-8"
	case ".svg":
		return "image/svg+xml; charset=utf-8"
	default:
		return binaryType(key)
	}
}

func binaryType(key string) string {
	switch strings.ToLower(path.Ext(key)) {
	case ".png":
		return "image/png"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".gif":
		return "image/gif"
	case ".webp":
		return "image/webp"
	case ".avif":
		return "image/avif"
	case ".ico":
		return "image/vnd.microsoft.icon"
	case ".woff2":
		return "font/woff2"
	case ".woff":
		return "font/woff"
	case ".ttf":
		return "font/ttf"
	case ".pdf":
		return "application/pdf"
	case ".zip":
		return "application/zip"
	case ".gz":
		return "application/gzip"
	case ".mp4":
		return "video/mp4"
	case ".webm":
		return "video/webm"
	case ".xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case ".docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case ".pptx":
		return "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	default:
		return "application/octet-stream"
	}
}

// document reports whether a key is text that people or programs read as such. When its page goes, it goes at once; what pages are made of
// (pictures, scripts, fonts) stays a while for readers of the page before.
func document(key string) bool {
	switch strings.ToLower(path.Ext(key)) {
	case ".html", ".htm", ".md", ".json", ".xml", ".atom", ".txt", ".csv", ".ics":
		return true
	}
	return false
}

func isPage(key string) bool { return strings.HasSuffix(key, ".html") }
