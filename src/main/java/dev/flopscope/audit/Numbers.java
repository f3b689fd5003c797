package dev.flopscope.audit;

import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Writes numbers of claims. */
final class Numbers {
    private static final int FRACTION_DIGITS = 12;

    private Numbers() {}

    /** With thousands separators, never in scientific notation, and no more than 12 digits after the point. */
    static String plain(BigDecimal value) {
        DecimalFormat format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setMaximumFractionDigits(FRACTION_DIGITS);
        return format.format(value);
    }
}
