package org.postern.ledger.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;

/** Settings of PID {@code org.postern.ledger}. */
@ObjectClassDefinition(name = "Postern ledger", description = "Where every request is stored.")
public @interface LedgerSettings {

    @AttributeDefinition(name = "Database", description = "jdbc:sqlite:FILE, or jdbc:postgresql://HOST:PORT/DATABASE.")
    @Form(form = SettingForm.JDBC_URL, fixed = true)
    String url();

    @AttributeDefinition(name = "User name", description = "PostgreSQL user. Empty for SQLite.")
    String userName() default "";

    @AttributeDefinition(
            name = "Password file",
            description = "File whose content is the PostgreSQL password. Empty: none")
    @Form(form = SettingForm.EXISTING)
    String passwordFile() default "";

    @AttributeDefinition(
            name = "Readers",
            min = "1",
            max = "64",
            description = "Connections for queries beside the one writer.")
    int readers() default 6;

    @AttributeDefinition(
            name = "Largest group",
            min = "1",
            max = "5000",
            description = "Maximum number of writes that share one transaction.")
    int largestGroup() default 256;

    @AttributeDefinition(
            name = "Counter block",
            min = "1",
            max = "1000000",
            description = "How many counters of a User ID are reserved at a time; a crash skips at most this many.")
    int counterBlock() default 1000;

    @AttributeDefinition(
            name = "Counter watermark file",
            description = "A file outside the database with the highest counters ever reserved, so that a restored"
                    + " backup of the database does not repeat any; counters of top-ups are in a second file with"
                    + " .prepayment appended to the name. Empty: none")
    @Form(form = SettingForm.PATH, fixed = true)
    String counterWatermarkFile() default "";

    @AttributeDefinition(
            name = "Companions",
            required = false,
            description = "Folders, separated by commas, that a running appliance writes to: security log,"
                    + " broker journal. If they contain older files, a new, empty database is refused. Empty: none")
    @Form(form = SettingForm.PATHS)
    String[] companions() default {};

    @AttributeDefinition(
            name = "Answer in seconds",
            min = "2",
            max = "600",
            description = "How long PostgreSQL may take for one answer before its connection counts as broken.")
    int answerSeconds() default 20;

    @AttributeDefinition(
            name = "Silent after seconds",
            min = "1",
            max = "60",
            description =
                    "How long PostgreSQL, probed once a second on a separate connection, may take to answer before the"
                            + " ledger is not ready. Pending operations are then aborted, and new ones are refused"
                            + " immediately until it answers again.")
    int silentSeconds() default 3;
}
