package dev.flopscope.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Masks a page: tables by column, facts by label, and sentences. Style and scripts, which are files of their own, are left
 * out, and so are the figures, which are the JSON report.
 */
final class HtmlMask {
    private static final Pattern STYLE = Pattern.compile("(?s)(<style>|<script>).*?(</style>|</script>)");
    private static final Pattern FIGURES = Pattern.compile("(<script type=\"application/json\"[^>]*>).*?(</script>)");
    private static final Pattern TABLE = Pattern.compile("(?s)<table aria-labelledby=\"(part-\\d+)\".*?</table>");
    private static final Pattern ROW = Pattern.compile("<tr>(.*?)</tr>");
    private static final Pattern CELL = Pattern.compile("(<t[hd][^>]*>)(.*?)(</t[hd]>)");
    private static final Pattern PARAGRAPH = Pattern.compile("(<p(?: (?:id|class)=\"[^\"]*\")?>)(.*?)(</p>\n?)");
    /** All of it is of the machine, of the build and of the day. */
    private static final Pattern BYLINE = Pattern.compile("(<p class=\"byline\">).*?(</p>)");

    private static final Pattern FOOTER = Pattern.compile("(<footer>)(.*?)(</footer>)");
    private static final Pattern FACT = Pattern.compile("(<div><dt>(.*?)</dt><dd>)(.*?)(</dd></div>)");
    /** A part is numbered by those before it, and noise decides how many headlines there are. */
    private static final Pattern PART = Pattern.compile("part-\\d+");

    private final String page;

    private HtmlMask(String page) {
        this.page = page;
    }

    /** Leaves out style, scripts and figures. */
    static String readable(String page) {
        return replace(FOOTER, bare(page), HtmlMask::sentence);
    }

    private static String bare(String page) {
        String bare = STYLE.matcher(page).replaceAll("$1…$2");
        bare = FIGURES.matcher(bare).replaceAll("$1…$2");
        return BYLINE.matcher(bare).replaceAll("$1" + Measured.MASK + "$2");
    }

    /** Masks what was measured, too. */
    static String mask(String page) {
        String bare = bare(page);
        String masked = replace(TABLE, bare, new HtmlMask(bare)::table);
        masked = replace(PARAGRAPH, masked, HtmlMask::sentence);
        masked = replace(FOOTER, masked, HtmlMask::sentence);
        masked = replace(
                FACT, masked, fact -> fact.group(1) + Measured.fact(fact.group(2), fact.group(3)) + fact.group(4));
        return PART.matcher(masked.replace("<div class=\"notice\"></div>\n", ""))
                .replaceAll("part-#");
    }

    private static String sentence(MatchResult paragraph) {
        return Measured.sentence(paragraph.group(2))
                .map(masked -> paragraph.group(1) + masked + paragraph.group(3))
                .orElse("");
    }

    /** The rows stand where they stood, in their new order. */
    private String table(MatchResult table) {
        List<List<String>> rows = new ArrayList<>();
        ROW.matcher(table.group()).results().forEach(row -> rows.add(cells(row.group(1))));
        MaskedTable masked = MaskedTable.of(caption(table.group(1)), rows.get(0), rows.subList(1, rows.size()));
        List<List<String>> ordered = new ArrayList<>(masked.rows());
        ordered.add(0, masked.headers());
        int[] next = {0};
        return replace(ROW, table.group(), row -> row(row.group(), ordered.get(next[0]++)));
    }

    private static String row(String row, List<String> cells) {
        int[] next = {0};
        return replace(CELL, row, cell -> cell.group(1) + cells.get(next[0]++) + cell.group(3));
    }

    private static List<String> cells(String row) {
        return CELL.matcher(row).results().map(cell -> cell.group(2)).toList();
    }

    private String caption(String part) {
        Matcher caption = Pattern.compile("id=\"" + part + "\">([^<]*)<").matcher(page);
        return caption.find() ? caption.group(1) : "";
    }

    private static String replace(Pattern pattern, String text, Function<MatchResult, String> by) {
        return pattern.matcher(text).replaceAll(found -> Matcher.quoteReplacement(by.apply(found)));
    }
}
