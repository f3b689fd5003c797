package dev.flopscope.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/**
 * A list of whole numbers of at least 1, with ranges in the notation of {@code llama-bench}: {@code 128,512},
 * {@code 1-4}, {@code 512-2048+512}, {@code 512-4096*2}.
 *
 * @param values in the order given, each once however often it was given
 */
record IntegerList(List<Integer> values) {
    private static final int MOST = 10_000;
    private static final Pattern RANGE = Pattern.compile("(\\d+)(?:-(\\d+)(?:([+*])(\\d+))?)?");

    IntegerList {
        values = values.stream().distinct().toList();
    }

    /** Reads a list. */
    static IntegerList parse(String text) {
        List<Integer> values = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            addRange(text, part.trim(), values);
        }
        return new IntegerList(values);
    }

    private static void addRange(String text, String part, List<Integer> values) {
        Matcher range = RANGE.matcher(part);
        if (!range.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is not a whole number of at least 1, nor a list such as 512,1024 or 512-4096*2");
        }
        long first = number(range.group(1));
        long last = range.group(2) == null ? first : number(range.group(2));
        boolean multiply = "*".equals(range.group(3));
        long step = range.group(4) == null ? 1 : number(range.group(4));
        if (last < first || (multiply && step < 2)) {
            throw new TypeConversionException("'" + part + "' is a range that does not grow");
        }
        for (long value = first; value <= last; value = multiply ? value * step : value + step) {
            if (values.size() == MOST) {
                throw new TypeConversionException("'" + text + "' has more than " + MOST + " values");
            }
            values.add((int) value);
        }
    }

    /** Reads one whole number from 1 to 2³¹−1. */
    static int number(String text) {
        try {
            int value = Integer.parseInt(text);
            if (value >= 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, with the bounds.
        }
        throw new TypeConversionException("'" + text + "' is not a whole number from 1 to " + Integer.MAX_VALUE);
    }
}
