package dev.ebb.proxy.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Guesses what a misspelt name was meant to be. Pure.
final class NearestName {

    /// More edits than this are no misspelling, unless one name only goes on where the other ends.
    private static final int MAX_EDITS = 2;

    private NearestName() {}

    static Optional<String> of(String misspelt, Collection<String> names) {
        return names.stream()
                .filter(name -> isNear(misspelt, name))
                .min(Comparator.comparingInt(name -> edits(misspelt, name)));
    }

    private static boolean isNear(String a, String b) {
        return edits(a, b) <= MAX_EDITS || a.startsWith(b) || b.startsWith(a);
    }

    /// The Levenshtein distance.
    private static int edits(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()];
    }
}
