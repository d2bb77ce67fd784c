package org.postern.ledger.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;

/** Settings of PID {@code org.postern.ledger}. */
@ObjectClassDefinition(name = "Postern ledger", description = "Where the life of every request is kept.")
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
            description = "Most writes that share one transaction.")
    int largestGroup() default 256;

    @AttributeDefinition(
            name = "Counter block",
            min = "1",
            max = "1000000",
            description = "How many counters of a User ID are reserved at a time; a crash skips at most so many.")
    int counterBlock() default 1000;

    @AttributeDefinition(
            name = "Counter watermark file",
            description = "Beside the database, holds the highest counters ever"
                    + " reserved, so that a restored backup of the database brings none of them again; those of top-ups in a second file, with"
                    + " .prepayment after its name. Empty: none")
    @Form(form = SettingForm.PATH, fixed = true)
    String counterWatermarkFile() default "";

    @AttributeDefinition(
            name = "Companions",
            required = false,
            description = "Folders, separated by commas, that a running appliance fills: security log,"
                    + " broker journal. A database that is made anew beside what lies in them is refused. Empty: none")
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
                    "How long PostgreSQL, asked once a second on a connection of its own, may take to answer before the ledger is not"
                            + " ready; what waits for it is then given up, and refused at once until it answers again.")
    int silentSeconds() default 3;
}
