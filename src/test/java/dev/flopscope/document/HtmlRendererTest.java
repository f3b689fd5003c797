package dev.flopscope.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.flopscope.document.Document.Fact;
import dev.flopscope.document.Document.Facts;
import dev.flopscope.document.Document.Paragraph;
import dev.flopscope.document.Page.Chart;
import dev.flopscope.document.Page.Ranking;
import dev.flopscope.profile.Grouping;
import dev.flopscope.report.profile.ProfileReport;
import dev.flopscope.run.ProfiledModel;
import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlRendererTest {
    private static final Table TABLE = TextRendererTest.table(
            "Sums <of> a & b",
            List.of("part", "#ms"),
            List.of(List.of("  one", "1.0"), List.of("two", "2.0"), List.of("all", "3.0")));

    private static final ProfileReport REPORT = new ProfileReport(ProfiledModel.profiled(), Grouping.KIND, 3);

    private static String rendered(Page page) {
        return new HtmlRenderer().render(page);
    }

    @Test
    void aDocumentKeepsAllItsWordsAndNumbers() {
        String html = rendered(Page.of(
                new Document(
                        "A <b>title</b>",
                        List.of(new Paragraph("1 < 2 & \"so\" on"), new Facts(List.of(new Fact("T", "1,024"))), TABLE)),
                "CPU <1>",
                List.of(),
                JsonNodeFactory.instance.objectNode()));
        assertThat(html)
                .contains("<h1>A &lt;b&gt;title&lt;/b&gt;</h1>")
                .contains("<p class=\"byline\">CPU &lt;1&gt;</p>")
                .contains("<p>1 &lt; 2 &amp; &quot;so&quot; on</p>")
                .contains("<dt>T</dt><dd>1,024</dd>")
                .contains("Sums &lt;of&gt; a &amp; b</h2>")
                .contains("<th scope=\"col\">part</th><th scope=\"col\" class=\"number\">ms</th>")
                .contains("<th scope=\"row\">  one</th><td class=\"number\">1.0</td>")
                .doesNotContain("data-sorts>", "<tfoot>", "echarts", "id=\"figures\"");
    }

    @Test
    void aRankingKeepsItsTotalsApartFromWhatIsSorted() {
        String html = rendered(new Page("Ranked", "", List.of(new Ranking(TABLE.withTotals(1))), null));
        assertThat(html).contains("data-sorts>");
        assertThat(html.substring(html.indexOf("<tbody>"), html.indexOf("</tbody>")))
                .contains("one", "two")
                .doesNotContain("all");
        assertThat(html.substring(html.indexOf("<tfoot>"), html.indexOf("</tfoot>")))
                .contains("all")
                .doesNotContain("two");
    }

    @Test
    void noTagOfAPageAsksForAnythingFromOutside() {
        String tags = rendered(REPORT.page()).replaceAll("(?s)(<script[^>]*>).*?</script>", "$1");
        assertThat(tags)
                .contains("default-src 'none'", "<script type=\"application/json\"")
                .doesNotContainPattern("<[^>]+ (src|href)=\"(?!data:)");
    }

    @Test
    void theFiguresOfAPageAreThoseOfTheJsonReport() throws Exception {
        String html = rendered(REPORT.page());
        String start = "<script type=\"application/json\" id=\"figures\">";
        int from = html.indexOf(start) + start.length();
        String figures = html.substring(from, html.indexOf("</script>", from));
        JsonNode whole = new ObjectMapper().readTree(REPORT.json(List.of()).toString());
        JsonNode inside = new ObjectMapper().readTree(figures);
        assertThat(inside.at("/model/name").asText()).isEqualTo(ProfiledModel.NAME);
        assertThat(inside.at("/phases/0/sites")).hasSize(10).isEqualTo(whole.at("/phases/0/sites"));
        assertThat(inside.at("/ceilings")).isEqualTo(whole.at("/ceilings"));
    }

    @Test
    void everyFileEndingInHtmlIsAPage() {
        assertThat(Format.ofFile("Report.HTML")).contains(Format.HTML);
        assertThat(Format.HTML.render(REPORT, List.of()))
                .startsWith("<!DOCTYPE html>")
                .endsWith("</html>\n");
    }

    @Test
    void aChartWithoutFiguresIsRefused() {
        assertThatThrownBy(() -> new Page("Empty", "", List.of(new Chart("map", "Map", "A map.")), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("charts need figures: Empty");
    }
}
