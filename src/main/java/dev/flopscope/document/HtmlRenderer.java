package dev.flopscope.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flopscope.document.Page.Heading;
import dev.flopscope.document.Page.Part;
import dev.flopscope.document.Page.Plain;
import dev.flopscope.machine.Build;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes one HTML page that needs nothing but itself: style, scripts and figures are inside, and its policy lets a browser
 * fetch nothing. The template escapes all text, and figures hold no {@code <}, so that a model's name is never markup.
 */
final class HtmlRenderer {
    private static final String FOLDER = "/dev/flopscope/document/";
    /** What draws charts, in this order: what all share, a file a family, and what puts them on the page. */
    private static final List<String> CHARTS =
            List.of("common", "bars", "roofline", "time", "changes", "curves", "draw");

    private final PebbleEngine engine = new PebbleEngine.Builder()
            .loader(new ClasspathLoader(HtmlRenderer.class.getClassLoader()))
            .defaultLocale(Locale.ROOT)
            .build();

    String render(Page page) {
        Map<String, Object> context = new HashMap<>();
        context.put("title", page.title());
        context.put("byline", page.byline());
        context.put("parts", page.parts().stream().map(HtmlRenderer::view).toList());
        context.put("tableLevel", page.parts().stream().anyMatch(Heading.class::isInstance) ? "h3" : "h2");
        context.put("style", resource("page.css"));
        context.put("script", resource("page.js"));
        context.put("build", Build.detect());
        if (page.figures() != null) {
            context.put("figures", figures(page.figures()));
            context.put("library", resource("echarts/echarts.min.js"));
            context.put(
                    "charts",
                    CHARTS.stream()
                            .map(name -> resource("charts/" + name + ".js"))
                            .toList());
        }
        StringWriter html = new StringWriter();
        try {
            engine.getTemplate(FOLDER.substring(1) + "page.html").evaluate(html, context, Locale.ROOT);
        } catch (IOException e) {
            throw new UncheckedIOException("a string was not written", e);
        }
        return html.toString();
    }

    /**
     * A part as the template takes it.
     *
     * @param form how it is written
     * @param value what is written
     */
    private record View(String form, Object value) {}

    private static View view(Part part) {
        Object value = part instanceof Plain plain ? plain.block() : part;
        return new View(value.getClass().getSimpleName(), value);
    }

    /** In JSON, {@code <} stands only inside strings, where it may be written by its number. */
    private static String figures(ObjectNode figures) {
        return figures.toString().replace("<", "\\u003c");
    }

    private static String resource(String name) {
        try (InputStream file = HtmlRenderer.class.getResourceAsStream(FOLDER + name)) {
            if (file == null) {
                throw new IllegalStateException("the jar has no " + FOLDER + name);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(FOLDER + name + " cannot be read", e);
        }
    }
}
