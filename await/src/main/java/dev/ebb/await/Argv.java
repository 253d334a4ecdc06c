package dev.ebb.await;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The words of the command as bytes, just as they were given to this process.
///
/// Java decodes its arguments by the locale, and a container has none: a file name in UTF-8 would
/// reach the command as question marks. So what is not ASCII is read from `/proc` instead.
final class Argv {

    private final byte[][] words;

    private Argv(byte[][] words) {
        this.words = words;
    }

    /// @param command the last arguments of this process
    static Argv of(List<String> command) {
        byte[][] words = new byte[command.size()][];
        boolean ascii = true;
        for (int i = 0; i < words.length; i++) {
            words[i] = command.get(i).getBytes(StandardCharsets.UTF_8);
            ascii &= words[i].length == command.get(i).length();
        }
        byte[][] raw = ascii ? null : lastWords(commandLine(), words.length);
        return new Argv(raw == null ? words : raw);
    }

    int size() {
        return words.length;
    }

    byte[] word(int index) {
        return words[index];
    }

    /// The last `count` words, each of which ends with a zero byte; null if there are fewer.
    static byte @Nullable [][] lastWords(byte[] commandLine, int count) {
        byte[][] words = new byte[count][];
        int end = commandLine.length - 1;
        for (int i = count - 1; i >= 0; i--) {
            if (end < 0) {
                return null;
            }
            int start = end;
            while (start > 0 && commandLine[start - 1] != 0) {
                start--;
            }
            words[i] = Arrays.copyOfRange(commandLine, start, end);
            end = start - 1;
        }
        return words;
    }

    private static byte[] commandLine() {
        try (FileInputStream in = new FileInputStream("/proc/self/cmdline")) {
            return in.readAllBytes();
        } catch (IOException e) {
            // Without /proc the decoded words are the best there is.
            return new byte[0];
        }
    }
}
