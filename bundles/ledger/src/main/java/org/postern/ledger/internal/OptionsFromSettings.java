package org.postern.ledger.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.postern.ledger.LedgerException;

/** Converts the settings of the ledger to options. */
final class OptionsFromSettings {

    private OptionsFromSettings() {}

    /** @throws LedgerException BAD_SETTING */
    static LedgerOptions read(LedgerSettings settings) {
        String password = "";
        if (!settings.passwordFile().isBlank()) {
            try {
                password = Files.readString(Path.of(settings.passwordFile())).strip();
            } catch (IOException e) {
                throw new LedgerException(
                        LedgerException.Kind.BAD_SETTING,
                        "org.postern.ledger/passwordFile",
                        "a readable file",
                        e.getClass().getSimpleName(),
                        "correct the setting",
                        e);
            }
        }
        Optional<Path> watermark = settings.counterWatermarkFile().isBlank()
                ? Optional.empty()
                : Optional.of(Path.of(settings.counterWatermarkFile()));
        return new LedgerOptions(
                settings.url(),
                settings.userName(),
                password,
                settings.readers(),
                settings.largestGroup(),
                settings.counterBlock(),
                watermark,
                Arrays.stream(settings.companions())
                        .flatMap(names -> Arrays.stream(names.split(",")))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .map(Path::of)
                        .toList(),
                settings.answerSeconds(),
                settings.silentSeconds());
    }
}
