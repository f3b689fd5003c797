package dev.flopscope.cli;

import dev.flopscope.run.ProgressListener;
import java.util.function.Consumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows progress on standard error, a bar an activity, if a person watches it; else says what takes long. */
final class ProgressBars implements ProgressListener, AutoCloseable {
    private static final int WIDTH = 79;
    private static final int REDRAW_MILLISECONDS = 200;

    private final boolean visible = Terminal.shows(Terminal.STANDARD_ERROR);
    private final ProgressListener unwatched;
    private @Nullable Activity activity;
    private @Nullable ProgressBar bar;

    /** Tells {@code warning} of what takes long where there is no bar. */
    ProgressBars(Consumer<String> warning) {
        unwatched = new LongActivities(warning, System::nanoTime);
    }

    @Override
    public void advanced(Activity advancing, long done, long total) {
        if (!visible) {
            unwatched.advanced(advancing, done, total);
            return;
        }
        if (bar == null || activity != advancing) {
            close();
            activity = advancing;
            bar = new ProgressBarBuilder()
                    .setTaskName(advancing.label())
                    .setInitialMax(total)
                    .setUnit(" " + advancing.unit(), 1)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setConsumer(new OneLine())
                    .setUpdateIntervalMillis(REDRAW_MILLISECONDS)
                    .clearDisplayOnFinish()
                    .build();
        }
        bar.stepTo(done);
    }

    /** Draws a bar on the line where the cursor is, and leaves the cursor there: what is printed next takes its place. */
    private static final class OneLine extends ConsoleProgressBarConsumer {
        OneLine() {
            super(System.err, WIDTH);
        }

        @Override
        public void close() {
            System.err.flush();
        }
    }

    @Override
    public void close() {
        clear();
    }

    /** Takes the bar off the terminal, so that a line can be printed; the next progress shows a new one. */
    void clear() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
