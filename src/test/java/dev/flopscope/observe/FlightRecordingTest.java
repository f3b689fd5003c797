package dev.flopscope.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flopscope.Matrices;
import dev.flopscope.backend.Allocator;
import dev.flopscope.backend.ArrayBackend;
import dev.flopscope.backend.Backend;
import dev.flopscope.backend.Products.Right;
import dev.flopscope.backend.Tensor;
import dev.flopscope.count.FlopTally;
import dev.flopscope.count.MatmulKind;
import dev.flopscope.count.MatmulSite;
import dev.flopscope.time.Operator;
import dev.flopscope.time.Timeline;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of single products and operators, read back from the file. */
class FlightRecordingTest {
    private static final MatmulSite QUERIES = new MatmulSite(MatmulKind.Q_PROJ, 7);

    private final Backend backend = new ArrayBackend();
    private final Allocator memory = backend.allocator();
    private final Tensor left = Matrices.filled(backend, memory, 4, 3, 1);
    private final Tensor right = Matrices.filled(backend, memory, 5, 3, 1);
    private final Tensor result = Matrices.filled(backend, memory, 4, 5, 1);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatIsMeasuredAndSucceedsIsAnEvent() throws Exception {
        assertThat(FlightRecorderSupport.isAvailable()).isTrue();
        Path file = folder.resolve("a.jfr");
        try (FlightRecording recording = FlightRecording.start()) {
            Interceptor context =
                    new Interceptor(backend.products(), backend.clock(), new FlopTally(), Timeline.none());
            recording.measuring(false);
            context.products().multiply(new MatmulSite(MatmulKind.K_PROJ, 1), left, right, Right.TRANSPOSED, result);
            context.operator(Operator.NORM, 1, () -> {});
            recording.measuring(true);
            context.products().multiply(QUERIES, left, right, Right.TRANSPOSED, result);
            context.products().project(MatmulSite.lmHead(), left, right, result);
            context.operator(Operator.GATE, 2, () -> {});
            assertThatThrownBy(() -> context.products().multiply(QUERIES, left, right, Right.AS_IS, result))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> context.operator(Operator.CACHE, 2, FlightRecordingTest::fail))
                    .hasMessage("planted");
            recording.measuring(false);
            context.operator(Operator.ROTARY, 3, () -> {});
            recording.write(file);
        }

        List<RecordedEvent> products = events(file, "dev.flopscope.MatrixProduct");
        assertThat(products).hasSize(2);
        RecordedEvent product = products.get(0);
        assertThat(product.getString("kind")).isEqualTo("q_proj");
        assertThat(product.getInt("layer")).isEqualTo(7);
        assertThat(product.getInt("expert")).isEqualTo(MatmulSite.NO_EXPERT);
        assertThat(product.getLong("m")).isEqualTo(4);
        assertThat(product.getLong("k")).isEqualTo(3);
        assertThat(product.getLong("n")).isEqualTo(5);
        assertThat(product.getLong("flops")).isEqualTo(2 * 4 * 3 * 5);
        assertThat(product.getThread().getJavaThreadId())
                .isEqualTo(Thread.currentThread().getId());
        assertThat(product.getEventType().getCategoryNames()).containsExactly("Flopscope");
        assertThat(products.get(1).getString("kind")).isEqualTo("lm_head");
        assertThat(products.get(1).getInt("layer")).isEqualTo(MatmulSite.NO_LAYER);

        List<RecordedEvent> operators = events(file, "dev.flopscope.Step");
        assertThat(operators).hasSize(1);
        assertThat(operators.get(0).getString("step")).isEqualTo("gate");
        assertThat(operators.get(0).getInt("layer")).isEqualTo(2);
    }

    private static void fail() {
        throw new ArithmeticException("planted");
    }

    private static List<RecordedEvent> events(Path file, String name) throws Exception {
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }
}
