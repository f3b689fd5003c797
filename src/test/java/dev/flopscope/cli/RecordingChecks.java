package dev.flopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flopscope.TraceRules;
import java.util.List;
import java.util.stream.StreamSupport;
import jdk.jfr.consumer.RecordedEvent;

/** What traces and recordings must hold of the passes that a report tells of. */
public final class RecordingChecks {
    private static final String PRODUCT = "dev.flopscope.MatrixProduct";

    private RecordingChecks() {}

    /** Every product of {@code passes} passes has an event with its shape, its site and its time. */
    public static void assertHoldsTheProductsOf(JsonNode report, List<RecordedEvent> events, int passes) {
        List<RecordedEvent> products = events.stream()
                .filter(event -> event.getEventType().getName().equals(PRODUCT))
                .toList();
        assertThat(products).hasSize((int) (passes * calls(report)));
        assertThat(products.stream()
                        .mapToLong(product -> product.getLong("flops"))
                        .sum())
                .isEqualTo(passes * report.at("/phases/0/flops/counted").asLong());
        assertThat(products).allSatisfy(product -> {
            assertThat(product.getLong("flops"))
                    .isEqualTo(2 * product.getLong("m") * product.getLong("k") * product.getLong("n"));
            assertThat(product.getInt("layer"))
                    .isBetween(product.getString("kind").equals("lm_head") ? -1 : 0, 1);
            assertThat(product.getDuration()).isPositive();
            assertThat(product.getStackTrace()).isNull();
        });
    }

    /** {@code trace} breaks no rule and has every product of {@code passes} passes; gives them. */
    static List<JsonNode> productsOf(JsonNode report, JsonNode trace, int passes) {
        assertThat(TraceRules.brokenBy(trace)).isEmpty();
        List<JsonNode> products = TraceRules.spans(trace, "product");
        assertThat(products).hasSize((int) (passes * calls(report)));
        assertThat(products.stream()
                        .mapToLong(product -> product.at("/args/flops").asLong())
                        .sum())
                .isEqualTo(passes * report.at("/phases/0/flops/counted").asLong());
        return products;
    }

    private static long calls(JsonNode report) {
        return StreamSupport.stream(report.at("/phases/0/sites").spliterator(), false)
                .mapToLong(site -> site.at("/calls").asLong())
                .sum();
    }
}
