package dev.flopscope.config;

/**
 * A value that was resolved while a published config was read.
 *
 * @param key its key
 * @param value its value, as JSON
 * @param origin where it came from: the file, the defaults of its {@code model_type}, or other keys
 */
public record Setting(String key, String value, String origin) {}
