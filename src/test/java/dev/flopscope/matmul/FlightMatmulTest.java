package dev.flopscope.matmul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.flight.Flight;
import dev.flopscope.flight.FlightRecording;
import dev.flopscope.matmul.Matmul.Right;
import dev.flopscope.time.Step;
import dev.flopscope.time.TimeTally;
import dev.flopscope.time.Timeline;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Events of single products and steps, read back from the file. */
class FlightMatmulTest {
    private static final MatmulSite QUERIES = new MatmulSite(MatmulKind.Q_PROJ, 7);

    private final INDArray left = Nd4j.ones(4, 3);
    private final INDArray right = Nd4j.ones(5, 3);
    private final INDArray result = Nd4j.ones(4, 5);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatIsMeasuredAndSucceedsIsAnEvent() throws Exception {
        Matmul sound = new FlightMatmul((site, a, b, rightIs, c) -> {});
        Matmul faulty = new FlightMatmul((site, a, b, rightIs, c) -> {
            throw new ArithmeticException("planted");
        });
        Timeline steps = Flight.events(new TimeTally());
        Path file = folder.resolve("a.jfr");
        try (FlightRecording recording = FlightRecording.start()) {
            sound.multiply(QUERIES, right, left, Right.TRANSPOSED, result);
            steps.time(Step.NORM, 1, () -> {});
            recording.measuring();
            sound.multiply(QUERIES, left, right, Right.TRANSPOSED, result);
            steps.time(Step.GATE, 2, () -> {});
            assertThatThrownBy(() -> faulty.multiply(QUERIES, left, right, Right.TRANSPOSED, result))
                    .hasMessage("planted");
            recording.write(file);
        }

        List<RecordedEvent> products = ofOurs(file, "dev.flopscope.MatrixProduct"::equals);
        assertThat(products).hasSize(1);
        RecordedEvent product = products.get(0);
        assertThat(product.getString("kind")).isEqualTo("q_proj");
        assertThat(product.getInt("layer")).isEqualTo(7);
        assertThat(product.getLong("m")).isEqualTo(4);
        assertThat(product.getLong("k")).isEqualTo(3);
        assertThat(product.getLong("n")).isEqualTo(5);
        assertThat(product.getLong("flops")).isEqualTo(2 * 4 * 3 * 5);
        assertThat(product.getThread().getJavaThreadId())
                .isEqualTo(Thread.currentThread().getId());
        assertThat(product.getEventType().getCategoryNames()).containsExactly("Flopscope");

        List<RecordedEvent> told = ofOurs(file, "dev.flopscope.Step"::equals);
        assertThat(told).hasSize(1);
        assertThat(told.get(0).getString("step")).isEqualTo("gate");
        assertThat(told.get(0).getInt("layer")).isEqualTo(2);
    }

    private static List<RecordedEvent> ofOurs(Path file, Predicate<String> name) throws Exception {
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> name.test(event.getEventType().getName()))
                .toList();
    }
}
