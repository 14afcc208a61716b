package webindex

import "embed"

// Scripts holds the reader of the index as ES modules, to be bundled into a
// page's script; reader.js is the one to import.
//
//go:embed reader.js parts.js filters.js plan.js rank.js snippet.js words.js analyzer.js
var Scripts embed.FS
