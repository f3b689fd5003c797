package dev.flopscope.report.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.document.CsvRows;
import dev.flopscope.document.Format;
import dev.flopscope.document.Report;
import dev.flopscope.document.Table;
import dev.flopscope.profile.Grouping;
import dev.flopscope.report.run.RunReport;
import dev.flopscope.run.Measurement;
import dev.flopscope.run.ProfiledModel;
import dev.flopscope.schema.Schemas;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** A profile with 5 decoded tokens, 3 repetitions of each phase. */
class ProfileReportTest {
    private static final Measurement RESULT = ProfiledModel.decoded();
    private static final ProfileReport REPORT = new ProfileReport(RESULT, Grouping.KIND, 3);

    private static JsonNode phase(Report report, int phase) {
        ObjectNode file = report.json(List.of());
        Schemas.hold(file);
        return file.at("/phases/" + phase);
    }

    @Test
    void decodingHasTheKeysThatRunHasAndTheSamplesOfEveryRepetition() {
        JsonNode decode = phase(REPORT, 1);
        JsonNode once = phase(new RunReport(RESULT), 1);
        assertThat(names(decode)).containsAll(names(once));
        assertThat(names(decode.at("/sites/0"))).containsAll(names(once.at("/sites/0")));
        assertThat(names(decode.at("/seconds"))).containsAll(names(once.at("/seconds")));
        assertThat(decode.at("/sites"))
                .hasSize(10)
                .allSatisfy(site -> assertThat(site.at("/samples")).hasSize(3));
        assertThat(decode.at("/by_site"))
                .hasSize(12 * 9 + 1)
                .allSatisfy(site -> assertThat(site.at("/samples")).hasSize(3));
        assertThat(decode.at("/wall_samples")).hasSize(3);
        assertThat(decode.at("/token_seconds")).hasSize(5);
        assertThat(decode.at("/token_samples"))
                .hasSize(5)
                .allSatisfy(token -> assertThat(token).hasSize(3));
        assertThat(decode.at("/repetitions").asInt()).isEqualTo(3);
        assertThat(decode.at("/warm_up/passes").asInt()).isEqualTo(1);
        assertThat(decode.at("/tokens").asLong())
                .isEqualTo(decode.at("/steps").asLong() * RESULT.account().batch());
    }

    /** With two rows shown, the others together and the sum have what the rows that they stand for have. */
    @Test
    void theRowsOfATableAddUpToItsLast() {
        List<Table> hotspots = REPORT.document().blocks().stream()
                .filter(Table.class::isInstance)
                .map(Table.class::cast)
                .filter(table -> table.caption().contains("otspots"))
                .toList();
        assertThat(hotspots).hasSize(2).allSatisfy(table -> {
            assertThat(table.rows()).hasSize(5);
            for (String key : List.of("seconds", "excess_seconds", "share_of_time", "share_of_flops")) {
                double[] values = table.rows().stream()
                        .mapToDouble(row -> number(table, row, key))
                        .toArray();
                assertThat(Arrays.stream(values).limit(4).sum()).as(key).isCloseTo(values[4], within(1e-9));
            }
        });
    }

    private static double number(Table table, List<Table.Cell> row, String key) {
        int column = table.headings().stream().map(Table.Heading::key).toList().indexOf(key);
        return ((Number) Objects.requireNonNull(row.get(column).value())).doubleValue();
    }

    /** FLOPs and bytes add up by kind, by site and in the tree. */
    @Test
    void theNumbersOfDecodingAddUp() {
        JsonNode decode = phase(REPORT, 1);
        long counted = decode.at("/flops/counted").asLong();
        assertThat(decode.at("/flops/expected").asLong()).isEqualTo(counted);
        assertThat(sum(decode.at("/sites"), "counted")).isEqualTo(counted);
        assertThat(sum(decode.at("/by_site"), "counted")).isEqualTo(counted);
        assertThat(decode.at("/tree/counted").asLong()).isEqualTo(counted);
        assertThat(sum(decode.at("/sites"), "bytes"))
                .isEqualTo(decode.at("/bytes").asLong())
                .isEqualTo(decode.at("/bytes_counted").asLong());
        assertThat(decode.at("/tree/name").asText()).isEqualTo("decoding");
    }

    /** What decoding alone has: its tokens, what they read, and how far memory limits them. */
    @Test
    void bothPhasesHaveTheSameKeys() {
        List<String> ofDecodingAlone = List.of(
                "weights_bytes_per_step", "token_seconds", "token_samples", "from_caches", "above_ceiling", "ids");
        List<String> shared = new ArrayList<>(names(phase(REPORT, 1)));
        assertThat(shared).containsAll(ofDecodingAlone);
        shared.removeAll(ofDecodingAlone);
        assertThat(names(phase(REPORT, 0))).containsAll(shared);
        assertThat(names(phase(REPORT, 0).at("/sites/0")))
                .isEqualTo(names(phase(REPORT, 1).at("/sites/0")));
        assertThat(names(phase(new RunReport(RESULT), 0).at("/sites/0")))
                .isEqualTo(names(phase(new RunReport(RESULT), 1).at("/sites/0")));
    }

    @Test
    void rowsEndOnTheirPhaseAndThoseOfDecodingFollow() {
        CsvRows rows = REPORT.rows();
        assertThat(rows.header()).endsWith("shape_classes", "phase");
        assertThat(rows.rows()).hasSize(20);
        assertThat(rows.rows().subList(0, 10)).allMatch(row -> last(row).equals("prefill"));
        assertThat(rows.rows().subList(10, 20)).allMatch(row -> last(row).equals("decode"));
    }

    private static String last(List<String> row) {
        return row.get(row.size() - 1);
    }

    /** The model's name is longer than a line, so its title is left out. */
    @Test
    void everyLineFitsATerminalWhateverIsTakenTogether() {
        for (Grouping grouping : Grouping.values()) {
            String text = Format.TABLE.render(new ProfileReport(RESULT, grouping, 4), List.of());
            assertThat(text).contains("Prefill and decode", "Decoding 5 tokens, hotspots", "The median decoding");
            assertThat(text.lines().skip(2)).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        }
    }

    @Test
    void aProfileWithoutDecodingSaysNothingOfIt() {
        ProfileReport plain = new ProfileReport(ProfiledModel.profiled(), Grouping.KIND, 3);
        assertThat(plain.json(List.of()).at("/phases")).hasSize(1);
        assertThat(Format.TABLE.render(plain, List.of())).doesNotContainIgnoringCase("decod");
        assertThat(plain.rows().rows()).hasSize(10);
    }

    private static List<String> names(JsonNode node) {
        return node.properties().stream().map(entry -> entry.getKey()).toList();
    }

    private static long sum(JsonNode rows, String key) {
        return StreamSupport.stream(rows.spliterator(), false)
                .mapToLong(row -> row.at("/" + key).asLong())
                .sum();
    }
}
