package org.postern.gbcs;

import java.util.List;
import java.util.Optional;

/** The commands that a response may be the answer to, asked for once its message code is known. */
@FunctionalInterface
public interface AnsweredCommands {

    /** Nothing is known of the command: the response is held to what its use case may have. */
    AnsweredCommands UNKNOWN = messageCode -> Optional.empty();

    /**
     * The commands, each with or without signature and MAC.
     *
     * @param messageCode of the response, 0 to FFFF
     * @return empty where it is not known; an empty list where no command of that code was given
     */
    Optional<List<GbcsMessage>> of(int messageCode);

    /** That command alone, whatever the response's code; nothing known where there is none. */
    static AnsweredCommands of(Optional<GbcsMessage> command) {
        return command.map(List::of)
                .<AnsweredCommands>map(only -> messageCode -> Optional.of(only))
                .orElse(UNKNOWN);
    }
}
