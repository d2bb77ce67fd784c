/**
 * The User Role electricity import supplier: a bundle that exports nothing and can be installed and removed while the
 * appliance is running.
 */
package org.postern.electricityimportsupplier;
