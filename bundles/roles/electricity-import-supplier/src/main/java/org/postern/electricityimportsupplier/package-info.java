/**
 * The User Role electricity import supplier: a bundle that exports nothing and may come and go while the appliance
 * runs.
 */
package org.postern.electricityimportsupplier;
