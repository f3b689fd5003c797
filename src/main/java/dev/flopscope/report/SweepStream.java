package dev.flopscope.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.flopscope.report.Document.Align;
import dev.flopscope.report.Document.Column;
import dev.flopscope.sweep.SweepFields;
import dev.flopscope.sweep.SweepPoint;
import dev.flopscope.sweep.SweepResult;
import dev.flopscope.sweep.SweepRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Writes a sweep's rows as they come. A table, Markdown and CSV grow by a line a row; JSON is one document, whole when the
 * sweep is; HTML comes at the end.
 */
public sealed interface SweepStream {
    /** Before the first row. */
    void begin();

    /** The next row, flushed. */
    void row(SweepRow row);

    /** After the last. */
    void end(SweepResult result);

    /**
     * A stream of {@code format}.
     *
     * @param out where it goes
     * @param points the settings to come, which decide how wide columns of words are
     */
    static SweepStream of(Format format, PrintWriter out, List<SweepPoint> points) {
        return switch (format) {
            case TABLE -> new Lines(out, widths(points));
            case MARKDOWN -> new Markdown(out);
            case CSV -> new Csv(out);
            case JSON -> new Json(out);
            case HTML -> new Html(out);
        };
    }

    private static List<Integer> widths(List<SweepPoint> points) {
        // Numbers: the widest that GPT-2 XL gives at 16,384 tokens.
        return List.of(
                widest("model", points, SweepPoint::model),
                2,
                6,
                3,
                widest("attention", points, SweepPoint::attentionAndTile),
                9,
                8,
                7,
                7);
    }

    private static int widest(String header, List<SweepPoint> points, Function<SweepPoint, String> cell) {
        return Math.max(
                header.length(),
                points.stream().map(cell).mapToInt(String::length).max().orElse(0));
    }

    /** Aligned columns. */
    record Lines(PrintWriter out, List<Integer> widths) implements SweepStream {
        @Override
        public void begin() {
            out.println(SweepReport.TITLE + "\n" + "═".repeat(SweepReport.TITLE.length()) + "\n");
            String header =
                    line(SweepReport.COLUMNS.stream().map(Column::header).toList());
            int width = widths.stream().mapToInt(x -> x + 2).sum();
            out.println(header + "\n" + "─".repeat(width));
            out.flush();
        }

        @Override
        public void row(SweepRow row) {
            out.println(line(SweepReport.cells(row)));
            out.flush();
        }

        @Override
        public void end(SweepResult result) {
            out.print("\n" + new TextRenderer().blocks(new SweepReport(result).closing()));
            out.flush();
        }

        private String line(List<String> cells) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < cells.size(); column++) {
                String cell = cells.get(column);
                String padding = " ".repeat(Math.max(0, widths.get(column) - cell.length()));
                boolean right = SweepReport.COLUMNS.get(column).align() == Align.RIGHT;
                line.append(' ').append(right ? padding + cell : cell + padding).append(' ');
            }
            return line.toString().stripTrailing();
        }
    }

    /** A Markdown table. */
    record Markdown(PrintWriter out) implements SweepStream {
        @Override
        public void begin() {
            out.print("## " + SweepReport.TITLE + "\n\n" + new MarkdownRenderer().header(SweepReport.COLUMNS));
            out.flush();
        }

        @Override
        public void row(SweepRow row) {
            out.print(new MarkdownRenderer().line(SweepReport.cells(row)));
            out.flush();
        }

        @Override
        public void end(SweepResult result) {
            out.print("\n" + new MarkdownRenderer().blocks(new SweepReport(result).closing()));
            out.flush();
        }
    }

    /** A line a row. */
    record Csv(PrintWriter out) implements SweepStream {
        @Override
        public void begin() {
            out.print(new CsvRenderer().line(new ArrayList<Object>(SweepFields.columns())));
            out.flush();
        }

        @Override
        public void row(SweepRow row) {
            out.print(new CsvRenderer().line(SweepReport.csv(row)));
            out.flush();
        }

        @Override
        public void end(SweepResult result) {
            out.flush();
        }
    }

    /** A page, which has nothing to show before it is whole. */
    record Html(PrintWriter out) implements SweepStream {
        @Override
        public void begin() {}

        @Override
        public void row(SweepRow row) {}

        @Override
        public void end(SweepResult result) {
            out.print(Format.HTML.render(new SweepReport(result)));
            out.flush();
        }
    }

    /** One document; a generator keeps track of what is open. */
    final class Json implements SweepStream {
        private final PrintWriter out;
        private final JsonGenerator generator;

        Json(PrintWriter out) {
            this.out = out;
            this.generator = new JsonRenderer().generator(out);
        }

        @Override
        public void begin() {
            write(() -> {
                generator.writeStartObject();
                generator.writeStringField("convention", SweepJson.CONVENTION);
                generator.writeArrayFieldStart("rows");
            });
        }

        @Override
        public void row(SweepRow row) {
            write(() -> generator.writeTree(SweepJson.row(row)));
        }

        @Override
        public void end(SweepResult result) {
            write(() -> {
                generator.writeEndArray();
                generator.writeFieldName("exponents");
                generator.writeTree(SweepJson.exponents(result.scalings()));
                generator.writeBooleanField("complete", result.complete());
                generator.writeEndObject();
            });
            out.println();
            out.flush();
        }

        private void write(Writing writing) {
            try {
                writing.write();
                generator.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("a print writer never throws", e);
            }
        }

        /** Writes to the generator. */
        private interface Writing {
            void write() throws IOException;
        }
    }
}
