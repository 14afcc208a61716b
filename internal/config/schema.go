package config

import _ "embed"

// settingsSchema and directorySchema say in JSON Schema what the reader of the two files reads, for editors. A test holds them to it.
var (
	//go:embed schema/opsbook.json
	settingsSchema []byte
	//go:embed schema/directory.json
	directorySchema []byte
)

// SettingsSchema is the JSON Schema of opsbook.yaml. Shared: never mutate.
func SettingsSchema() []byte { return settingsSchema }

// DirectorySchema is the JSON Schema of directory.yaml. Shared: never mutate.
func DirectorySchema() []byte { return directorySchema }
