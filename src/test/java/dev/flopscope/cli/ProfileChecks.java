package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;

/** What must hold in every profile, of passes or of decodings. */
final class ProfileChecks {
    private ProfileChecks() {}

    /** What the charts of a page are drawn from. */
    static JsonNode figures(String page) throws IOException {
        String start = "id=\"figures\">";
        int from = page.indexOf(start) + start.length();
        return new ObjectMapper().readTree(page.substring(from, page.indexOf("</script>", from)));
    }

    /** The time of {@code row} is the middle one of three. */
    static void assertMedianOfThree(JsonNode row) {
        List<Double> samples = StreamSupport.stream(row.at("/samples").spliterator(), false)
                .map(JsonNode::asDouble)
                .sorted()
                .toList();
        assertThat(samples).hasSize(3);
        assertThat(row.at("/seconds").asDouble()).isEqualTo(samples.get(1)).isPositive();
    }

    /** The sum of {@code key} in all rows. */
    static long sum(JsonNode rows, String key) {
        return StreamSupport.stream(rows.spliterator(), false)
                .mapToLong(row -> row.at("/" + key).asLong())
                .sum();
    }

    /** The leaves of a branch, each branch held against the sum of its parts on the way. */
    static double addedUp(JsonNode branch) {
        if (branch.at("/parts").isMissingNode()) {
            return branch.at("/nanoseconds").asLong();
        }
        assertThat(sum(branch.at("/parts"), "nanoseconds"))
                .as(branch.at("/name").asText())
                .isEqualTo(branch.at("/nanoseconds").asLong());
        return StreamSupport.stream(branch.at("/parts").spliterator(), false)
                .mapToDouble(ProfileChecks::addedUp)
                .sum();
    }
}
