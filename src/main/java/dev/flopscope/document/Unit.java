package dev.flopscope.document;

import java.util.Locale;

/** What the values of a column are, and how people read them: the same in every country. */
public enum Unit {
    /** Words, as they are. */
    WORDS("%s", 0),
    /** Words that decide something, which are never out of sight. */
    VERDICT("%s", 0),
    /** Prose, which breaks into lines where there are any. */
    PROSE("%s", 0),
    /** A number that is in words already. */
    NUMERAL("%s", 0),
    /** A whole number: {@code 4,513,336,524,800}. */
    COUNT("%,d", 0),
    /** A number that names something: {@code 16384}. */
    NAME("%d", 0),
    /** A mean of whole numbers, with a decimal unless it is one itself: {@code 75,033.6}. */
    MEAN("", 0),
    /** Part of a whole: {@code 7.6 %} of 0.076. */
    SHARE("%.1f %%", 100),
    /** Part of a whole that is counted and not measured: {@code 66.91 %} of 0.6691. */
    PERCENT("%.2f %%", 100),
    /** Seconds: {@code 1.873}. */
    SECONDS("%,.3f", 1),
    /** Seconds of something short: {@code 0.0115}. */
    SHORT_SECONDS("%,.4f", 1),
    /** Milliseconds of seconds: {@code 93.1} of 0.0931. */
    MILLISECONDS("%,.1f", 1e3),
    /** Milliseconds of seconds, to the microsecond: {@code 0.931}. */
    SHORT_MILLISECONDS("%,.3f", 1e3),
    /** 10⁹ a second, of a number in these: {@code 186.7}. */
    GIGA_PER_SECOND("%,.1f", 1),
    /** 10⁹, of a number of ones: {@code 349.6} GFLOPs. */
    GIGA("%,.1f", 1e-9),
    /** 10⁹ bytes: {@code 8.508}. */
    GIGABYTES("%,.3f", 1e-9),
    /** FLOPs for each byte: {@code 0.50}. */
    INTENSITY("%,.2f", 1),
    /** How many times something: {@code 33.13}. */
    TIMES("%,.2f", 1),
    /** A factor that was measured: {@code 1.423}. */
    FACTOR("%,.3f", 1),
    /** A probability: {@code 1.990e-05}. */
    PROBABILITY("%.3e", 1),
    /** Bytes in a binary unit that suits their number: {@code 7.924 GiB}. */
    BYTES("", 0);

    private final String pattern;
    private final double scale;

    Unit(String pattern, double scale) {
        this.pattern = pattern;
        this.scale = scale;
    }

    /** Whether its values stand at the right of a column, as numbers do. */
    public boolean isNumber() {
        return kind().equals("number");
    }

    /** What kind of column it makes, as pages name it; empty for plain words. */
    public String kind() {
        return switch (this) {
            case WORDS -> "";
            case VERDICT -> "verdict";
            case PROSE -> "prose";
            default -> "number";
        };
    }

    /** {@code value} as people read it. */
    public String text(Object value) {
        if (this == MEAN) {
            double mean = ((Number) value).doubleValue();
            return String.format(Locale.ROOT, mean == Math.rint(mean) ? "%,.0f" : "%,.1f", mean);
        }
        if (this == BYTES) {
            return Figures.bytes(((Number) value).longValue());
        }
        return String.format(
                Locale.ROOT, pattern, scale == 0 ? value : (Object) (scale * ((Number) value).doubleValue()));
    }
}
