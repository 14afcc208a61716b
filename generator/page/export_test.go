package page

// RowsOf returns the rows of an outline's lists as Plan knows them, and as they are planned.
func RowsOf(o *Outline) (foretold, planned int) { return o.length(), rowsOf(o.Whole()) }
