package dev.ebb.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Every link of a page leads somewhere.
final class LinksTest {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    @Test
    void everyRelativeLinkLeadsToAFileAndAHeading() {
        List<String> broken = new ArrayList<>();

        for (Path page : Repository.pages()) {
            Matcher links = LINK.matcher(Repository.read(page));
            while (links.find()) {
                if (isBroken(page, links.group(1))) {
                    broken.add(Repository.ROOT.relativize(page) + " → " + links.group(1));
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    private static boolean isBroken(Path page, String link) {
        if (link.startsWith("http://") || link.startsWith("https://")) {
            return false;
        }
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? page : page.resolveSibling(file);
        return !Files.exists(target)
                || (hash >= 0 && !anchors(target).contains(link.substring(hash + 1)));
    }

    /// The anchors that common renderers give to headings: lower case, punctuation dropped, spaces
    /// to dashes.
    private static List<String> anchors(Path page) {
        return Repository.read(page)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+\\s*", "").toLowerCase(Locale.ROOT))
                .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .toList();
    }
}
