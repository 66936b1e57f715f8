package main

import "golang.org/x/sys/windows"

// columns is how wide the console is that stderr goes to, or 0 where it goes elsewhere.
func columns() int {
	var info windows.ConsoleScreenBufferInfo
	if windows.GetConsoleScreenBufferInfo(windows.Stderr, &info) != nil {
		return 0
	}
	return int(info.Window.Right-info.Window.Left) + 1
}
