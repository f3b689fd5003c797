package dev.flopscope.report.account;

import dev.flopscope.document.Page.Chart;
import dev.flopscope.flops.Account;
import java.util.List;

/** The charts of an account: where the FLOPs of one are, and what moves between several. */
final class AccountPage {
    private AccountPage() {}

    static List<Chart> charts(List<Account> accounts) {
        return accounts.size() == 1
                ? List.of(new Chart(
                        "share-of-flops",
                        "Where the FLOPs are",
                        "For each kind of product, the part of the FLOPs that it has by closed form"
                                + (accounts.get(0).decode().isPresent()
                                        ? ", of the prompt and of decoding, each its own whole."
                                        : ".")
                                + " The table of products has the numbers."))
                : List.of(
                        new Chart(
                                "components",
                                "Shares of the FLOPs",
                                "For each account, the parts of the prompt's FLOPs that the components of the model have."
                                        + " The table of shares has the numbers."),
                        new Chart(
                                "flops-by-account",
                                "FLOPs",
                                "For each account, all FLOPs of the prompt. The table of sizes has the numbers."));
    }
}
