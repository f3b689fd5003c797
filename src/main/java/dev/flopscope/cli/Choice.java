package dev.flopscope.cli;

import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What an option takes that takes one of several words: reads a word, and lists all of them for help and shell completion.
 * picocli makes subclasses, so each has a constructor without parameters.
 *
 * @param <T> what the words stand for
 */
abstract class Choice<T> implements ITypeConverter<T>, Iterable<String> {
    private final Map<String, T> values = new LinkedHashMap<>();

    /** A choice among {@code values}, each by its label, in their order. */
    Choice(T[] values, Function<T, String> label) {
        for (T value : values) {
            this.values.put(label.apply(value), value);
        }
    }

    @Override
    public final Iterator<String> iterator() {
        return Collections.unmodifiableSet(values.keySet()).iterator();
    }

    @Override
    public final T convert(String word) {
        @Nullable T value = values.get(word);
        if (value == null) {
            throw new TypeConversionException("'" + word + "' is not " + wanted());
        }
        return value;
    }

    /** What a word must be, for the error of one that is not. */
    String wanted() {
        return "one of " + String.join(", ", values.keySet());
    }
}
