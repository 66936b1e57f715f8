package engine

// DecodeImages is what reads an engine's answer.
var DecodeImages = decodeImages
